import { isWordCharacter, unitAt } from '../characters.js';
import type { Detector } from '../detector.js';
import { token } from './token.js';

const MIN_BEFORE_MARKER = 16;
const MAX_BEFORE_MARKER = 160;

const isInKey = (code: number): boolean => isWordCharacter(code) || code === 45 || code === 95;

/** Whether `sk-` and 16 to 160 characters of a key stand before a place. */
function followsSecretKeyPrefix(text: string, at: number): boolean {
  const from = Math.max(0, at - MAX_BEFORE_MARKER - 3);
  const prefix = text.slice(from, Math.max(from, at - MIN_BEFORE_MARKER)).lastIndexOf('sk-');
  return prefix >= 0 && endOfKey(text, from + prefix, at) === at;
}

/** Where the key goes on to from a place, not beyond `last`. */
function endOfKey(text: string, end: number, last = text.length): number {
  let index = end;
  while (index < last && isInKey(unitAt(text, index))) index += 1;
  return index;
}

/** Providers of models, and the tools around them. Keys that begin `sk-` are found by `pattern.secret` too. */
export const aiDetectors: readonly Detector[] = [
  token(
    'openai_key',
    'OpenAI API key, with its marker',
    'sk-',
    /T3BlbkFJ[\w-]{16}/y,
    'sk-proj-<alnum:48>T3BlbkFJ<alnum:48>',
    {
      keywords: ['t3blbkfj'],
      insideWord: true,
      admits: followsSecretKeyPrefix,
      extend: endOfKey,
      fromWordStart: true,
      found: ['sk-<alnum:20>T3BlbkFJ<alnum:20>'],
      passed: ['sk-<alnum:40>'],
    },
  ),
  token('openai_session', 'OpenAI session key', 'sess-', /sess-[A-Z0-9]{40}/iy, 'sess-<alnum:40>'),
  token(
    'anthropic_key',
    'Anthropic API, admin or OAuth key',
    'sk-ant-',
    /sk-ant-[a-z0-9]{3,10}-[\w-]{60,}/y,
    'sk-ant-api03-<base64url:93>AA',
    {
      found: ['sk-ant-admin01-<base64url:93>AA', 'sk-ant-oat01-<base64url:93>AA'],
    },
  ),
  token('openrouter_key', 'OpenRouter API key', 'sk-or-', /sk-or-v1-[0-9a-f]{64}/y, 'sk-or-v1-<hex:64>'),
  token(
    'huggingface_token',
    'Hugging Face user access token',
    'hf_',
    /hf_[A-Z0-9]{34,40}/iy,
    'hf_<letters:34>',
  ),
  token(
    'huggingface_org_token',
    'Hugging Face organization token',
    'api_org_',
    /api_org_[A-Z0-9]{34}/iy,
    'api_org_<letters:34>',
  ),
  token('groq_key', 'Groq API key', 'gsk_', /gsk_[A-Z0-9]{48,56}/iy, 'gsk_<alnum:52>'),
  token('replicate_token', 'Replicate API token', 'r8_', /r8_[\w-]{37}/y, 'r8_<alnum:37>'),
  token('perplexity_key', 'Perplexity API key', 'pplx-', /pplx-[A-Z0-9]{40,64}/iy, 'pplx-<alnum:48>'),
  token('xai_key', 'xAI API key', 'xai-', /xai-\w{70,90}/y, 'xai-<alnum:80>'),
  token('fireworks_key', 'Fireworks AI API key', 'fw_', /fw_[A-Z0-9]{20,32}/iy, 'fw_<alnum:24>'),
  token('together_key', 'Together AI API key', 'tgp_v1_', /tgp_v1_[\w-]{40,48}/y, 'tgp_v1_<base64url:43>'),
  token('nvidia_key', 'NVIDIA API key', 'nvapi-', /nvapi-[\w-]{60,72}/y, 'nvapi-<base64url:64>'),
  token('cerebras_key', 'Cerebras API key', 'csk-', /csk-[a-z0-9]{40,56}/y, 'csk-<loweralnum:48>'),
  token(
    'langsmith_key',
    'LangSmith API key',
    'lsv2_',
    /lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}/y,
    'lsv2_pt_<hex:32>_<hex:10>',
  ),
  token(
    'pinecone_key',
    'Pinecone API key',
    'pcsk_',
    /pcsk_[A-Z0-9]{4,8}_[A-Z0-9]{50,70}/iy,
    'pcsk_<alnum:5>_<alnum:63>',
  ),
  token('voyage_key', 'Voyage AI API key', 'pa-', /pa-[\w-]{43}(?![\w-])/y, 'pa-<base64url:42>Z'),
  token('jina_key', 'Jina AI API key', 'jina_', /jina_[\w-]{50,70}/y, 'jina_<hex:32><alnum:28>'),
  token(
    'tavily_key',
    'Tavily API key',
    'tvly-',
    /tvly-(?:dev-|prod-)?[A-Z0-9]{28,40}/iy,
    'tvly-dev-<alnum:32>',
  ),
  token(
    'anyscale_key',
    'Anyscale API key',
    'esecret_',
    /esecret_[a-z0-9]{24,32}/y,
    'esecret_<loweralnum:26>',
  ),
  token(
    'databricks_token',
    'Databricks personal access token',
    'dapi',
    /dapi[0-9a-f]{32}(?:-\d)?/y,
    'dapi<hex:32>',
    { found: ['dapi<hex:32>-2'] },
  ),
  token(
    'databricks_oauth_secret',
    'Databricks service principal secret',
    'dose',
    /dose[0-9a-f]{32}/y,
    'dose<hex:32>',
  ),
  token('firecrawl_key', 'Firecrawl API key', 'fc-', /fc-[0-9a-f]{32}/y, 'fc-<hex:32>'),
  token('e2b_key', 'E2B API key', 'e2b_', /e2b_[0-9a-f]{40}/y, 'e2b_<hex:40>'),
  token('elevenlabs_key', 'ElevenLabs API key', 'sk_', /sk_[0-9a-f]{48}/y, 'sk_<hex:48>'),
  token(
    'wandb_key',
    'Weights & Biases API key',
    'wandb_v1_',
    /wandb_v1_[\w-]{40,90}/y,
    'wandb_v1_<alnum:64>',
  ),
  token(
    'modal_secret',
    'Modal token secret',
    'as-',
    /as-[A-Z0-9]{22}/iy,
    'as-<upper:2><digits:2><alnum:18>',
    {
      validate: (secret) => /\d/.test(secret) && /[A-Z]/.test(secret),
    },
  ),
  token('letta_key', 'Letta API key', 'sk-let-', /sk-let-[A-Z0-9=]{60,140}/iy, 'sk-let-<alnum:80>'),
  token('mem0_key', 'Mem0 API key', 'm0-', /m0-[A-Z0-9]{40}/iy, 'm0-<alnum:40>'),
  token('apify_token', 'Apify API token', 'apify_api_', /apify_api_[A-Z0-9-]{36}/iy, 'apify_api_<alnum:36>'),
  token(
    'langfuse_key',
    'Langfuse secret key',
    'sk-lf-',
    /sk-lf-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/y,
    'sk-lf-<uuid>',
  ),
];
