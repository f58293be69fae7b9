import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

/** PEM texts of a throwaway certificate authority and a server certificate for loopback. @internal */
export interface LoopbackCertificates {
  ca: string;
  certificate: string;
  key: string;
}

function newKeyPair(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

function newCertificate(
  publicKey: string,
  commonName: string,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // The first byte keeps the serial number positive and free of leading zeros, which DER forbids.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  const day = 24 * 60 * 60 * 1000;
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + 30 * day);
  certificate.setSubject([{ name: 'commonName', value: commonName }]);
  return certificate;
}

/** node-forge signs, node:crypto makes the keys: it is faster by orders of magnitude. @internal */
export function createLoopbackCertificates(): LoopbackCertificates {
  const caKeys = newKeyPair();
  const caPrivateKey = forge.pki.privateKeyFromPem(caKeys.privateKey);
  const ca = newCertificate(caKeys.publicKey, 'Sandbox certificate authority');
  ca.setIssuer(ca.subject.attributes);
  ca.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  ca.sign(caPrivateKey, forge.md.sha256.create());

  const serverKeys = newKeyPair();
  const certificate = newCertificate(
    serverKeys.publicKey,
    'Sandbox Kubernetes API',
  );
  certificate.setIssuer(ca.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
      ],
    },
  ]);
  certificate.sign(caPrivateKey, forge.md.sha256.create());
  return {
    ca: forge.pki.certificateToPem(ca),
    certificate: forge.pki.certificateToPem(certificate),
    key: serverKeys.privateKey,
  };
}
