import { afterAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { loadConfig } from '../../src/config/load-config.js';
import {
  configMapSchema,
  manifestSchema,
  networkPolicySchema,
  secretSchema,
  statefulSetSchema,
} from '../helpers/kubernetes-schemas.js';
import { makeKeys } from '../helpers/made-keys.js';
import { applyPatch, buildKustomization, readResources, type Resource } from '../helpers/kustomize.js';

const ROOT = 'deploy/kubernetes';
const LABEL = { 'app.kubernetes.io/name': 'llm-agent-control-plane' };
const base = buildKustomization(`${ROOT}/base`);
const production = buildKustomization(`${ROOT}/overlays/production`);
const withShipper = applyPatch(production, only(readResources(`${ROOT}/examples/log-shipper.yaml`)));

const keys = makeKeys();
afterAll(keys.remove);

type StatefulSet = z.infer<typeof statefulSetSchema>;
type NetworkPolicy = z.infer<typeof networkPolicySchema>;

function only<T>(items: readonly T[]): T {
  const [item, ...rest] = items;
  if (item === undefined || rest.length > 0) throw new Error(`expected one, found ${items.length}`);
  return item;
}

const ofKind = (resources: readonly Resource[], kind: string): Resource[] =>
  resources.filter((resource) => resource.kind === kind);
const statefulSet = (resources: readonly Resource[]): StatefulSet =>
  statefulSetSchema.parse(only(ofKind(resources, 'StatefulSet')));
const networkPolicies = (resources: readonly Resource[]): NetworkPolicy[] =>
  ofKind(resources, 'NetworkPolicy').map((resource) => networkPolicySchema.parse(resource));

const variants: [string, Resource[]][] = [
  ['the base', base],
  ['the production overlay', production],
  ['the production overlay with a log shipper', withShipper],
];

describe.each(variants)('%s', (_name, resources) => {
  const pod = statefulSet(resources).spec.template.spec;
  const containers = [...pod.initContainers, ...pod.containers];

  it('has only objects and fields that the API knows', () => {
    for (const resource of resources)
      expect(() => manifestSchema.parse(resource), resource.kind).not.toThrow();
  });

  it('runs as a user that is not root, under the default seccomp profile', () => {
    expect(pod.securityContext.runAsNonRoot).toBe(true);
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    expect(pod.securityContext.seccompProfile.type).toBe('RuntimeDefault');
  });

  it('gives every container a read-only root, no capability, no escalation and bounds', () => {
    for (const { name, securityContext, resources: bounds } of containers) {
      expect(securityContext, name).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(bounds.limits.memory, name).toMatch(/Mi$/);
    }
  });

  it('has no token of the cluster and no variables of neighbouring services', () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.enableServiceLinks).toBe(false);
    for (const account of ofKind(resources, 'ServiceAccount')) {
      expect(account['automountServiceAccountToken']).toBe(false);
    }
  });

  it('mounts only volumes that exist, and the keys read-only', () => {
    const claims = statefulSet(resources).spec.volumeClaimTemplates.map(({ metadata }) => metadata.name);
    const volumes = [...claims, ...pod.volumes.map(({ name }) => name)];
    for (const { volumeMounts } of containers) {
      for (const mount of volumeMounts) {
        expect(volumes).toContain(mount.name);
        if (mount.name === 'keys') expect(mount.readOnly).toBe(true);
      }
    }
  });

  it('keeps a volume a replica for the audit log, and keeps it when the replica goes', () => {
    const { spec } = statefulSet(resources);
    expect(spec.volumeClaimTemplates.map(({ metadata }) => metadata.name)).toEqual(['audit', 'state']);
    expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
  });

  it('is probed for life at /livez and for readiness at /readyz', () => {
    const service = only(pod.containers.filter(({ name }) => name === 'control-plane'));
    expect(service.livenessProbe?.httpGet.path).toBe('/livez');
    expect(service.readinessProbe?.httpGet.path).toBe('/readyz');
  });

  it('has time to stop by itself before it is killed', () => {
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(10);
  });

  it('selects its own pods everywhere', () => {
    const set = statefulSet(resources).spec;
    expect(set.selector.matchLabels).toEqual(LABEL);
    expect(set.template.metadata.labels).toEqual(LABEL);
    expect(only(ofKind(resources, 'Service'))).toMatchObject({ spec: { selector: LABEL } });
    expect(only(ofKind(resources, 'PodDisruptionBudget'))).toMatchObject({
      spec: { selector: { matchLabels: LABEL } },
    });
    for (const { labelSelector } of pod.topologySpreadConstraints) {
      expect(labelSelector.matchLabels).toEqual(LABEL);
    }
  });

  it('denies every connection that no policy names', () => {
    const deny = only(networkPolicies(resources).filter(({ metadata }) => metadata.name.endsWith('deny')));
    expect(deny.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  it('opens the network to named peers on named ports only', () => {
    for (const { metadata, spec } of networkPolicies(resources)) {
      const openings = [
        ...(spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports })),
        ...(spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports })),
      ];
      for (const { peers, ports } of openings) {
        expect(ports.length, metadata.name).toBeGreaterThan(0);
        expect(peers.length, metadata.name).toBeGreaterThan(0);
        for (const peer of peers) {
          expect(peer.ipBlock?.cidr ?? '', metadata.name).not.toMatch(/\/0$/);
          expect(peer.podSelector, metadata.name).not.toEqual({});
        }
      }
    }
  });

  it('takes settings that the service knows, none of them secret', () => {
    const { data } = configMapSchema.parse(only(ofKind(resources, 'ConfigMap')));
    const { config } = loadConfig({
      variables: data,
      readDotEnv: () => ({}),
      files: { read: keys.read, list: () => null },
      packagedPolicyPath: 'policies/default.yaml',
    });
    expect(config.environment).toBe('production');
    expect(config.apiKey).toBeNull();
    expect(config.databaseUrl ?? '').not.toMatch(/:\/\/[^/@:\s]+:[^/@:\s]+@/);
  });
});

describe('the production overlay', () => {
  it('keeps several replicas on different nodes, with approvals that they share', () => {
    const { replicas, template } = statefulSet(production).spec;
    expect(replicas).toBeGreaterThan(1);
    expect(template.spec.topologySpreadConstraints[0]).toMatchObject({
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
    });
    expect(only(ofKind(production, 'ConfigMap'))).toMatchObject({ data: { ACP_APPROVAL_STORE: 'postgres' } });
  });

  it('names its images by digest', () => {
    const { initContainers, containers } = statefulSet(production).spec.template.spec;
    for (const { image } of [...initContainers, ...containers])
      expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  it('lives in a namespace that admits only restricted pods', () => {
    expect(only(ofKind(production, 'Namespace')).metadata).toMatchObject({
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    });
    for (const { kind, metadata } of production) {
      if (kind !== 'Namespace') expect(metadata.namespace).toBe('agent-control-plane');
    }
  });
});

describe('the log shipper', () => {
  it('reads the audit log and cannot write it', () => {
    const shipper = statefulSet(withShipper).spec.template.spec.containers.find(
      ({ name }) => name === 'log-shipper',
    );
    expect(shipper?.volumeMounts).toContainEqual({
      name: 'audit',
      mountPath: '/var/lib/acp/audit',
      readOnly: true,
    });
  });
});

describe('the example Secret', () => {
  const { stringData } = secretSchema.parse(only(readResources(`${ROOT}/examples/secret.yaml`)));

  it('holds every file that the settings name', () => {
    const settings = JSON.stringify(ofKind(production, 'ConfigMap'));
    for (const [, name = ''] of settings.matchAll(/\/var\/lib\/acp\/keys\/([\w.-]+)/g)) {
      expect(stringData).toHaveProperty([name]);
    }
  });

  it('holds nothing that would work', () => {
    for (const value of Object.values(stringData)) expect(value).toMatch(/FAKE|^#|principals: \[\]/);
  });
});
