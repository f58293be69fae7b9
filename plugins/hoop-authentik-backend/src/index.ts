/**
 * Backend of the Hoop.dev and authentik plugins: one line installs it together with its scaffolder actions.
 *
 * @packageDocumentation
 */

export { hoopAuthentikFeatures as default } from './features';
export { hoopAuthentikPlugin } from './plugin';
export { runDoctor, type DoctorProcess } from './doctor/runDoctor';
