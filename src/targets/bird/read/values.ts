import type { Address } from '../../../base/ip.ts';
import type { ChannelDraft, OptionValue, ProtocolDraft } from './draft.ts';

type Holder = Pick<ProtocolDraft | ChannelDraft, 'options'>;

function optionOf({ options }: Holder, name: string): OptionValue['value'] | undefined {
  return options.get(name)?.value;
}

/** A switch; `byDefault` where nothing is said. */
export function flag(of: Holder, name: string, byDefault = false): boolean {
  const value = optionOf(of, name);
  return typeof value === 'boolean' ? value : byDefault;
}

export function numberOf(of: Holder, name: string): number | null {
  const value = optionOf(of, name);
  return typeof value === 'number' ? value : null;
}

export function textOf(of: Holder, name: string): string | null {
  const value = optionOf(of, name);
  return typeof value === 'string' ? value : null;
}

export function addressOption(of: Holder, name: string): Address | null {
  const value = optionOf(of, name);
  return typeof value === 'object' ? value : null;
}
