import { z } from 'zod';

/*
 * The parts of the Kubernetes API that the manifests use, strict: a field that is misspelt, out of place or of the
 * wrong type is an error, as it is for the API server with strict field validation.
 */

const quantitySchema = z.string().regex(/^\d+(?:m|Ki|Mi|Gi)?$/);
const labelsSchema = z.record(z.string(), z.string());
const selectorSchema = z.strictObject({ matchLabels: labelsSchema.optional() });
const metadataSchema = z.strictObject({
  name: z.string().regex(/^[a-z][-a-z0-9]*$/),
  namespace: z.string().optional(),
  labels: labelsSchema.optional(),
});
const resourcesSchema = z.strictObject({
  requests: z.strictObject({ cpu: quantitySchema, memory: quantitySchema }),
  limits: z.strictObject({ cpu: quantitySchema, memory: quantitySchema }),
});
const probeSchema = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.union([z.string(), z.int()]) }),
  periodSeconds: z.int().optional(),
  timeoutSeconds: z.int().optional(),
  failureThreshold: z.int().optional(),
});

const containerSchema = z.strictObject({
  name: z.string(),
  image: z.string(),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  command: z.array(z.string()).optional(),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
  envFrom: z.array(z.strictObject({ configMapRef: z.strictObject({ name: z.string() }) })).optional(),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })).optional(),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.boolean(),
    readOnlyRootFilesystem: z.boolean(),
    capabilities: z.strictObject({ drop: z.array(z.string()) }),
  }),
  resources: resourcesSchema,
  startupProbe: probeSchema.optional(),
  livenessProbe: probeSchema.optional(),
  readinessProbe: probeSchema.optional(),
  volumeMounts: z
    .array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }))
    .default([]),
});

const volumeSchema = z.strictObject({
  name: z.string(),
  secret: z.strictObject({ secretName: z.string(), defaultMode: z.int() }).optional(),
  emptyDir: z.strictObject({ medium: z.literal('Memory').optional(), sizeLimit: quantitySchema }).optional(),
});

const podSpecSchema = z.strictObject({
  serviceAccountName: z.string(),
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: z.int(),
  securityContext: z.strictObject({
    runAsNonRoot: z.boolean(),
    runAsUser: z.int(),
    runAsGroup: z.int(),
    fsGroup: z.int(),
    fsGroupChangePolicy: z.enum(['OnRootMismatch', 'Always']),
    seccompProfile: z.strictObject({ type: z.enum(['RuntimeDefault', 'Localhost', 'Unconfined']) }),
  }),
  topologySpreadConstraints: z.array(
    z.strictObject({
      maxSkew: z.int(),
      topologyKey: z.string(),
      whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
      labelSelector: selectorSchema,
    }),
  ),
  initContainers: z.array(containerSchema).default([]),
  containers: z.array(containerSchema),
  volumes: z.array(volumeSchema),
});

const claimSchema = z.strictObject({
  metadata: metadataSchema,
  spec: z.strictObject({
    accessModes: z.array(z.enum(['ReadWriteOnce', 'ReadWriteOncePod', 'ReadOnlyMany', 'ReadWriteMany'])),
    resources: z.strictObject({ requests: z.strictObject({ storage: quantitySchema }) }),
  }),
});

const retentionSchema = z.enum(['Retain', 'Delete']);

export const statefulSetSchema = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('StatefulSet'),
  metadata: metadataSchema,
  spec: z.strictObject({
    replicas: z.int(),
    serviceName: z.string(),
    podManagementPolicy: z.enum(['OrderedReady', 'Parallel']),
    selector: selectorSchema,
    persistentVolumeClaimRetentionPolicy: z.strictObject({
      whenDeleted: retentionSchema,
      whenScaled: retentionSchema,
    }),
    template: z.strictObject({
      metadata: z.strictObject({ labels: labelsSchema }),
      spec: podSpecSchema,
    }),
    volumeClaimTemplates: z.array(claimSchema),
  }),
});

const policyPortSchema = z.strictObject({
  protocol: z.enum(['TCP', 'UDP']),
  port: z.union([z.string(), z.int()]),
});
const peerSchema = z.strictObject({
  podSelector: selectorSchema.optional(),
  namespaceSelector: selectorSchema.optional(),
  ipBlock: z.strictObject({ cidr: z.string() }).optional(),
});

export const networkPolicySchema = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata: metadataSchema,
  spec: z.strictObject({
    podSelector: selectorSchema,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z
      .array(z.strictObject({ from: z.array(peerSchema), ports: z.array(policyPortSchema) }))
      .optional(),
    egress: z.array(z.strictObject({ to: z.array(peerSchema), ports: z.array(policyPortSchema) })).optional(),
  }),
});

export const configMapSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata: metadataSchema,
  data: z.record(z.string(), z.string()),
});

export const secretSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata: metadataSchema,
  type: z.literal('Opaque'),
  stringData: z.record(z.string(), z.string()),
});

/** Every kind of object in the manifests. */
export const manifestSchema = z.discriminatedUnion('kind', [
  statefulSetSchema,
  networkPolicySchema,
  configMapSchema,
  secretSchema,
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Service'),
    metadata: metadataSchema,
    spec: z.strictObject({
      type: z.literal('ClusterIP'),
      selector: labelsSchema,
      ports: z.array(
        z.strictObject({ name: z.string(), port: z.int(), targetPort: z.union([z.string(), z.int()]) }),
      ),
    }),
  }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('ServiceAccount'),
    metadata: metadataSchema,
    automountServiceAccountToken: z.boolean(),
  }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Namespace'),
    metadata: metadataSchema,
  }),
  z.strictObject({
    apiVersion: z.literal('policy/v1'),
    kind: z.literal('PodDisruptionBudget'),
    metadata: metadataSchema,
    spec: z.strictObject({ maxUnavailable: z.int(), selector: selectorSchema }),
  }),
]);
