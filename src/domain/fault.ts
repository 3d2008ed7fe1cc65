/** Where a fault can arise that is not thrown on: whoever called is told a reason, and never the fault. */
export type FaultPlace =
  | 'agent_adapter'
  | 'output_filter'
  | 'argument_schema'
  | 'provenance'
  | 'policy'
  | 'argument_filter'
  | 'approval_gate'
  | 'approval_store'
  | 'audit_record'
  | 'refusal_record'
  | 'tool';

/** What a fault befell, as logs name it. */
export interface FaultSubject {
  readonly correlation_id: string;
  readonly decision_id?: string;
}

/** Told of what went wrong behind a reason. The error may quote a secret, and must not be shown as it is. */
export type FaultObserver = (place: FaultPlace, error: unknown, subject?: FaultSubject) => void;

/**
 * Tells an observer of a fault, where there is one.
 *
 * INVARIANT: never throws, so that an observer with a fault of its own changes no answer.
 */
export function tellFault(
  observer: FaultObserver | undefined,
  place: FaultPlace,
  error: unknown,
  subject?: FaultSubject,
): void {
  try {
    observer?.(place, error, subject);
  } catch {
    // Nobody is left to tell.
  }
}
