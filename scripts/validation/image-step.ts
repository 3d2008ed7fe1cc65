import { runCommand } from './command.js';
import type { Step } from './step.js';

/** The exit status by which `scripts/image.sh` says that nothing here can build an image. */
const NO_BUILDER = 69;

/** Builds the images and runs the tests inside, where something can; in CI only when asked to. */
export function createImageStep(environment: NodeJS.ProcessEnv): Step {
  return {
    id: 'image',
    title: 'image build and test',
    run: async () => {
      if (isSet(environment['CI']) && environment['VALIDATE_IMAGE'] !== '1') {
        return {
          status: 'skipped',
          reason: 'in CI it runs as a job of its own; VALIDATE_IMAGE=1 runs it here',
        };
      }
      const { status } = await runCommand('scripts/image.sh', ['test']);
      if (status === 0) return { status: 'passed' };
      if (status === NO_BUILDER) return { status: 'skipped', reason: 'no container engine is running here' };
      return { status: 'failed', detail: `scripts/image.sh ended with ${status ?? 'a signal'}` };
    },
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}
