import type { ManagedUser, ProviderIdentity } from '@negatoscope/contract';
import { useText } from '../../i18n/index.ts';

/** What a provider is called here, or its host where this server has it no more. */
export const providerName = ({ provider, issuer }: Pick<ProviderIdentity, 'provider' | 'issuer'>): string =>
  provider ?? (URL.canParse(issuer) ? new URL(issuer).host : issuer);

type WaysIn = Pick<ManagedUser, 'hasPassword' | 'hasSecondFactor' | 'passkeys' | 'identities'>;

/** By what somebody comes in, in a few words. */
export function useWays(): (user: WaysIn) => string {
  const t = useText('people');
  return ({ hasPassword, hasSecondFactor, passkeys, identities }) => {
    const ways = [
      ...(hasPassword ? [t('wayPASSWORD')] : []),
      ...(hasPassword && hasSecondFactor ? [t('factor')] : []),
      ...(passkeys > 0 ? [t('wayPASSKEY')] : []),
      ...identities.map(providerName),
    ];
    return ways.length === 0 ? t('wayNONE') : ways.join(', ');
  };
}
