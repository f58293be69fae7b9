import { pods } from '../resources';
import { badRequest, notFound } from '../status';
import { ObjectStore } from '../store';
import { Pod } from '../types';
import { ContainerWorker } from '../controllers/podWorker';
import { isTrue, ResourceRequest } from './requestInfo';

/** Finds the worker behind a container of a pod. @internal */
export type FindContainer = (
  podUid: string,
  name: string,
) => ContainerWorker | undefined;

/** The text behind `GET …/pods/<name>/log`. @internal */
export function readPodLog(
  store: ObjectStore,
  findContainer: FindContainer,
  request: ResourceRequest,
): string {
  const name = request.name ?? '';
  const pod = store.get<Pod>(pods, request.namespace, name);
  if (!pod) {
    throw notFound(pods, name);
  }
  const names = pod.spec.containers.map(container => container.name);
  const wanted = request.query.get('container');
  if (!wanted && names.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names.join(
        ' ',
      )}]`,
    );
  }
  const container = wanted ?? names[0];
  if (!names.includes(container)) {
    throw badRequest(`container ${container} is not valid for pod ${name}`);
  }
  const worker = findContainer(pod.metadata.uid ?? '', container);
  const isPrevious = isTrue(request.query.get('previous'));
  const lines = worker?.logs(isPrevious);
  if (!lines) {
    throw badRequest(
      isPrevious
        ? `previous terminated container "${container}" in pod "${name}" not found`
        : `container "${container}" in pod "${name}" is waiting to start: ${
            worker?.waitingReason ?? 'ContainerCreating'
          }`,
    );
  }
  const tail = request.query.get('tailLines');
  const shown = tail === null ? lines : lines.slice(-Number(tail) || Infinity);
  return Number(tail) === 0 && tail !== null
    ? ''
    : shown.map(line => `${line}\n`).join('');
}
