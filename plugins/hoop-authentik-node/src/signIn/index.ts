export { DefaultTestSignIn } from './DefaultTestSignIn';
export type { SignInProof, TestAccount, TestSignIn } from './types';
