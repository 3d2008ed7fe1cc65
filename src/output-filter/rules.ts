import { secretRule, type Rule } from './detector.js';

/** The rules that are not vendor credentials, in the words of a finding. */
export const RULES = {
  privateKey: {
    id: 'pattern.private_key',
    findingType: 'private_key_material',
    severity: 'critical',
    reason: 'private_key_material_blocked',
  },
  jwt: {
    id: 'pattern.jwt',
    findingType: 'jwt_like_token',
    severity: 'critical',
    reason: 'jwt_like_token_blocked',
  },
  secret: secretRule('pattern.secret'),
  assignment: secretRule('secret.generic_assignment'),
  vendorAssignment: secretRule('secret.vendor_assignment'),
  encodedBlob: {
    id: 'pattern.encoded_blob',
    findingType: 'encoded_blob',
    severity: 'high',
    reason: 'encoded_blob_blocked',
  },
  entropy: {
    id: 'entropy.token',
    findingType: 'high_entropy_string',
    severity: 'high',
    reason: 'high_entropy_string_blocked',
  },
  tenantMarker: {
    id: 'tenant.marker_mismatch',
    findingType: 'cross_tenant_content',
    severity: 'high',
    reason: 'cross_tenant_output_blocked',
  },
  classification: {
    id: 'classification.marker',
    findingType: 'sensitive_classification',
    severity: 'medium',
    reason: 'sensitive_classification_detected',
  },
  sensitiveSource: {
    id: 'source.sensitivity_external',
    findingType: 'source_sensitivity',
    severity: 'high',
    reason: 'sensitive_source_external_destination_blocked',
  },
  crossTenantSource: {
    id: 'source.cross_tenant_external',
    findingType: 'cross_tenant_source',
    severity: 'high',
    reason: 'cross_tenant_source_external_destination_blocked',
  },
  toolOutputSource: {
    id: 'source.tool_output_external',
    findingType: 'tool_output_source',
    severity: 'high',
    reason: 'tool_output_external_destination_blocked',
  },
  sensitiveKey: {
    id: 'schema.sensitive_key',
    findingType: 'sensitive_response_key',
    severity: 'critical',
    reason: 'sensitive_response_key_blocked',
  },
  unknownKey: {
    id: 'schema.unknown_key',
    findingType: 'unknown_response_key',
    severity: 'high',
    reason: 'unknown_response_key_blocked',
  },
} as const satisfies Record<string, Rule>;
