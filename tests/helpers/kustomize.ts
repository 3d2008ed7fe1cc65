import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = Record<string, Json>;

const resourceSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** A Kubernetes object, as far as every object is alike. */
export type Resource = z.infer<typeof resourceSchema>;

const kustomizationSchema = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  namespace: z.string().optional(),
  resources: z.array(z.string()),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), digest: z.string() })).default([]),
  patches: z.array(z.strictObject({ path: z.string() })).default([]),
});

/** By which field the entries of a list are the same entry; lists of other names are replaced. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
};

const CLUSTER_WIDE: ReadonlySet<string> = new Set(['Namespace']);

/** Reads every object of a YAML file. */
export function readResources(path: string): Resource[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) =>
    resourceSchema.parse(document.toJS({ maxAliasCount: 0 })),
  );
}

/**
 * Builds a kustomization as far as this repository uses it: resources, patches that merge, image names, namespace.
 * Throws for anything else in it, and for a patch that matches no object.
 */
export function buildKustomization(folder: string): Resource[] {
  const text = readFileSync(join(folder, 'kustomization.yaml'), 'utf8');
  const { resources, patches, images, namespace } = kustomizationSchema.parse(parse(text));
  let built = resources.flatMap((entry) =>
    entry.endsWith('.yaml') ? readResources(join(folder, entry)) : buildKustomization(join(folder, entry)),
  );
  for (const { path } of patches) {
    for (const patch of readResources(join(folder, path))) built = applyPatch(built, patch);
  }
  for (const { name, newName, digest } of images) {
    const pattern = `"image":"${name}"`;
    built = built.map((object) =>
      resourceSchema.parse(
        JSON.parse(JSON.stringify(object).replaceAll(pattern, `"image":"${newName}@${digest}"`)),
      ),
    );
  }
  return namespace === undefined ? built : built.map((object) => inNamespace(object, namespace));
}

/** Merges a patch into the one object of its kind and name. */
export function applyPatch(resources: readonly Resource[], patch: Resource): Resource[] {
  const matches = (object: Resource): boolean =>
    object.kind === patch.kind && object.metadata.name === patch.metadata.name;
  if (!resources.some(matches)) throw new Error(`patch of no object: ${patch.kind} ${patch.metadata.name}`);
  return resources.map((object) =>
    matches(object) ? resourceSchema.parse(merge(object as JsonObject, patch as JsonObject)) : object,
  );
}

function merge(base: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    merged.set(key, mergeValue(merged.get(key), value, MERGE_KEYS[key]));
  }
  return Object.fromEntries(merged);
}

function mergeValue(base: Json | undefined, patch: Json, mergeKey: string | undefined): Json {
  if (Array.isArray(base) && Array.isArray(patch) && mergeKey !== undefined) {
    return mergeList(base as JsonObject[], patch as JsonObject[], mergeKey);
  }
  const areObjects = isObject(base) && isObject(patch);
  return areObjects ? merge(base, patch) : patch;
}

function mergeList(base: JsonObject[], patch: JsonObject[], mergeKey: string): JsonObject[] {
  const isSame = (one: JsonObject, other: JsonObject): boolean => one[mergeKey] === other[mergeKey];
  const changed = base.map((entry) => {
    const change = patch.find((candidate) => isSame(candidate, entry));
    return change === undefined ? entry : merge(entry, change);
  });
  return [...changed, ...patch.filter((entry) => !base.some((existing) => isSame(existing, entry)))];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inNamespace(object: Resource, namespace: string): Resource {
  return CLUSTER_WIDE.has(object.kind) ? object : { ...object, metadata: { ...object.metadata, namespace } };
}
