/**
 * One line of a plan. Secrets appear as `<changed>`.
 *
 * @public
 */
export interface PlanLine {
  /** The object that changes, such as `Secret hoop/hoopgateway-idp`. */
  object: string;
  field: string;
  from: string;
  to: string;
}
