/** A kind of request that is answered 501 by name: clients send it, but neither the product nor what our docs name. @internal */
export const NOT_SIMULATED = [
  {
    mediaType: 'application/apply-patch+yaml',
    what: 'server-side apply',
    reason: 'neither the product nor a command in these docs sends it',
  },
  {
    mediaType: 'application/apply-patch+cbor',
    what: 'server-side apply as CBOR',
    reason: 'neither the product nor a command in these docs sends it',
  },
  {
    mediaType: 'application/json-patch+json',
    what: 'JSON patch',
    reason:
      'neither the product nor a command in these docs sends it; `kubectl rollout undo` does',
  },
  {
    mediaType: 'application/vnd.kubernetes.protobuf',
    what: 'bodies in protobuf of other kinds than Namespace, Secret and SelfSubjectAccessReview',
    reason:
      'the product sends JSON; `kubectl create namespace`, `create secret generic` and `auth can-i` send these three in protobuf',
  },
  {
    mediaType: 'application/cbor',
    what: 'bodies in CBOR',
    reason: 'neither the product nor a command in these docs sends it',
  },
] as const;
