export { DefaultTestSignIn } from './DefaultTestSignIn';
export type { SignInProof, TestSignIn } from './types';
