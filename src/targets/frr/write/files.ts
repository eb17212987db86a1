import type { Host } from '../../../model/fabric.ts';
import type { FilePlan } from '../../target.ts';
import type { HostContext } from './context.ts';
import { hostContext, zebraContext } from './context.ts';

const check = 'vtysh -C -f {file}';

interface Place {
  readonly folder: string;
  readonly owner: string;
  readonly templates: string;
}

function plan(place: Place, path: string, context: HostContext, apply: string, checked = true): FilePlan {
  return {
    path,
    template: `${place.templates}/${path}.hbs`,
    context: { ...context },
    destination: `${place.folder}/${path}`,
    owner: place.owner,
    mode: '0640',
    check: checked ? check : null,
    apply,
  };
}

function sysctlPlan(context: HostContext, templates: string): FilePlan {
  const destination = '/etc/sysctl.d/90-fabricgen.conf';
  return {
    path: '90-fabricgen.conf',
    template: `${templates}/90-fabricgen.conf.hbs`,
    context: { ...context },
    destination,
    owner: 'root:root',
    mode: '0644',
    check: null,
    apply: `sysctl -p ${destination}`,
  };
}

/** The files of an FRR host: one frr.conf, or one file per daemon. */
export function frrFiles(host: Host): readonly FilePlan[] {
  const context = hostContext(host);
  const place: Place = { folder: '/etc/frr', owner: 'frr:frr', templates: 'frr' };
  const reload = '/usr/lib/frr/frr-reload.py --reload';
  const one = (daemon: string): string => `${reload} --daemon ${daemon} /etc/frr/${daemon}.conf`;
  const configs = context.integrated
    ? [plan(place, 'frr.conf', context, `${reload} /etc/frr/frr.conf`)]
    : [
        plan(place, 'zebra.conf', zebraContext(context), one('zebra')),
        plan(place, 'staticd.conf', context, one('staticd')),
        ...(host.bgp ? [plan(place, 'bgpd.conf', context, one('bgpd'))] : []),
      ];
  return [
    ...configs,
    plan(place, 'daemons', context, 'systemctl restart frr', false),
    plan({ ...place, owner: 'frr:frrvty' }, 'vtysh.conf', context, 'true', false),
    sysctlPlan(context, 'frr'),
  ];
}

/** The files of a Quagga host; Quagga has no reload, and a restart is what applies a change. */
export function quaggaFiles(host: Host): readonly FilePlan[] {
  const context = hostContext(host);
  const place: Place = { folder: '/etc/quagga', owner: 'quagga:quagga', templates: 'quagga' };
  return [
    plan(place, 'zebra.conf', context, 'systemctl restart zebra'),
    ...(host.bgp ? [plan(place, 'bgpd.conf', context, 'systemctl restart bgpd')] : []),
    plan(place, 'daemons', context, 'systemctl restart quagga', false),
    sysctlPlan(context, 'quagga'),
  ];
}
