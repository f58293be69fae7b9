import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { IntegrationSummary } from 'backstage-plugin-hoop-authentik-common';
import { useMemo, useState } from 'react';
import { useFixes, type TemplateAction } from '../../fixes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ActionsMenu, MenuButton } from '../shared/ActionsMenu';

const ACTIONS: Record<
  NonNullable<IntegrationSummary['state']>,
  readonly TemplateAction[]
> = {
  'not-connected': ['connect'],
  pending: ['restart', 'rotate', 'disconnect'],
  connected: ['rotate', 'disconnect'],
  drifted: ['repair', 'rotate', 'disconnect'],
  down: ['restart', 'disconnect'],
  unreachable: [],
};

/** What can be done about one gateway. Whether the viewer may is only asked once the menu is wanted. @internal */
export function RowMenu(props: {
  row: IntegrationSummary;
  onChanged: () => void;
}) {
  const { row, onChanged } = props;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const [wanted, setWanted] = useState(false);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);

  // There is nothing to do with a gateway that app-config does not declare.
  if (!row.gateway.url) {
    return null;
  }
  return (
    <>
      <MenuButton
        label={t('menu.labelOf', { gateway: row.gateway.title })}
        expanded={Boolean(anchor)}
        onOpen={event => {
          setWanted(true);
          setAnchor(event.currentTarget);
        }}
      />
      {wanted && (
        <WantedMenu
          row={row}
          anchor={anchor}
          onChanged={onChanged}
          onClose={() => setAnchor(null)}
        />
      )}
    </>
  );
}

function WantedMenu(props: {
  row: IntegrationSummary;
  anchor: HTMLElement | null;
  onChanged: () => void;
  onClose: () => void;
}) {
  const { row, anchor, onChanged, onClose } = props;
  const { gateway, entityRef = '', state } = row;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const { name, title, url = '', version, targetType } = gateway;
  const subject = useMemo(
    () => ({
      entityRef,
      gateway: { name, title, url, version, target: targetType },
    }),
    [entityRef, name, title, url, version, targetType],
  );
  const fixes = useFixes(subject, onChanged);

  return (
    <>
      <ActionsMenu
        fixes={fixes}
        // A template takes the entity.
        actions={entityRef && state ? ACTIONS[state] : []}
        links={[{ text: t('menu.openGateway'), to: url }]}
        anchor={anchor}
        onClose={onClose}
      />
      {fixes.dialog}
    </>
  );
}
