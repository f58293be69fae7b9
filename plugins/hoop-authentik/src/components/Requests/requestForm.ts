import {
  newRequestSchema,
  REQUEST_TEXT_LIMITS,
  type NewRequest,
  type RequestKind,
} from 'backstage-plugin-hoop-authentik-common';

/** What was entered. @internal */
export interface RequestForm {
  kind: RequestKind;
  entityRef: string;
  reason: string;
  /** Of a connection. */
  groups: string[];
  /** Of an access request. */
  subject: string;
  /** As the field has it: local time without a zone; empty where the access does not end by itself. */
  until: string;
}

/** @internal */
export type FormFault = 'reason' | 'subject' | 'until';

/** What keeps a form from being sent; pure. @internal */
export function faultsOf(form: RequestForm, now: Date): FormFault[] {
  const { shortest, longest } = REQUEST_TEXT_LIMITS;
  const { length } = form.reason.trim();
  const faults: FormFault[] = [];
  if (length < shortest || length > longest) {
    faults.push('reason');
  }
  if (form.kind === 'access') {
    if (!form.subject) {
      faults.push('subject');
    }
    if (form.until && !(new Date(form.until) > now)) {
      faults.push('until');
    }
  }
  return faults;
}

/** The request that a form without faults stands for; pure. @throws ZodError where the contract has more to say @internal */
export function requestOf(form: RequestForm): NewRequest {
  const { kind, entityRef, reason, groups, subject, until } = form;
  return newRequestSchema.parse(
    kind === 'connect'
      ? { kind, entityRef, reason, groups }
      : {
          kind,
          entityRef,
          reason,
          subject,
          ...(until ? { until: new Date(until).toISOString() } : {}),
        },
  );
}
