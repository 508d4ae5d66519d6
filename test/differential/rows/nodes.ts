// cordon, uncordon, taint, untaint: what is asked of nodes.
import { MAKE, NS, type Stand } from '../objects.ts';
import { changes, fails, nothing, type Row } from '../row.ts';

const [A, B] = [`${NS}-a`, `${NS}-b`];
const plain = [MAKE.nodes(A), MAKE.nodes(B)];
const cordoned = [MAKE.nodes(A, { spec: { unschedulable: true } }), MAKE.nodes(B, { spec: { unschedulable: true } })];
const tainted: readonly Stand[] = [
  MAKE.nodes(A, {
    spec: {
      taints: [
        { key: 'dedicated', value: 'db', effect: 'NoSchedule' },
        { key: 'dedicated', value: 'db', effect: 'PreferNoSchedule' },
        { key: 'slow', effect: 'NoSchedule' },
      ],
    },
  }),
  MAKE.nodes(B, { spec: { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] } }),
];

export const NODES: readonly Row[] = [
  {
    name: 'cordon',
    ways: [
      changes(`cordon ${A}`, plain),
      changes(`cordon node/${A}`, plain),
      changes(`cordon ${A} ${B}`, plain),
      changes(`cordon --selector=pool=${NS}`, plain),
      changes(`cordon --selector=app=${B}`, plain),
      changes(`cordon ${A} ${B}`, [...plain.slice(0, 1), ...cordoned.slice(1)]),
      nothing(`cordon ${A}`, cordoned),
      fails(`cordon ${NS}-nosuch`, plain),
      fails(`cordon ${A} ${NS}-nosuch`, plain),
      fails(`cordon ${A} --selector=pool=${NS}`, plain),
      fails('cordon', plain),
    ],
  },
  {
    name: 'uncordon',
    ways: [
      changes(`uncordon ${A}`, cordoned),
      changes(`uncordon nodes/${A}`, cordoned),
      changes(`uncordon ${A} ${B}`, cordoned),
      changes(`uncordon --selector=pool=${NS}`, cordoned),
      changes(`uncordon --selector=app=${B}`, cordoned),
      changes(`uncordon ${A} ${B}`, [...plain.slice(0, 1), ...cordoned.slice(1)]),
      nothing(`uncordon ${A}`, plain),
      fails(`uncordon ${NS}-nosuch`, cordoned),
      fails(`uncordon ${A} ${NS}-nosuch`, cordoned),
      fails(`uncordon ${A} --selector=pool=${NS}`, cordoned),
      fails('uncordon', cordoned),
    ],
  },
  {
    name: 'taint',
    ways: [
      changes(`taint {nodes} ${A} dedicated=db:NoSchedule`, plain),
      changes(`taint {nodes} ${A} dedicated:PreferNoSchedule`, plain),
      changes(`taint {nodes} ${A} a=b:NoSchedule c:NoExecute`, plain),
      changes(`taint {nodes} ${A} ${B} dedicated=db:NoSchedule`, plain),
      changes(`taint {nodes} --selector=pool=${NS} dedicated=db:NoSchedule`, plain),
      changes(`taint {nodes} ${A} dedicated=web:NoSchedule --overwrite`, tainted),
      changes(`taint {nodes} ${A} dedicated=db:NoExecute`, tainted),
      changes(`taint {nodes} ${A} new=x:NoSchedule slow-`, tainted),
      fails(`taint {nodes} ${A} dedicated=web:NoSchedule`, tainted),
      fails(`taint {nodes} ${A} dedicated=db:Sometimes`, plain),
      fails(`taint {nodes} ${NS}-nosuch dedicated=db:NoSchedule`, plain),
      fails(`taint {nodes} ${A} 'bad key=db:NoSchedule'`, plain),
      fails(`taint {nodes} ${A} ${NS}-nosuch dedicated=db:NoSchedule`, plain),
    ],
  },
  {
    name: 'untaint',
    ways: [
      changes(`taint {nodes} ${A} dedicated-`, tainted),
      changes(`taint {nodes} ${A} dedicated:NoSchedule-`, tainted),
      changes(`taint {nodes} ${A} slow-`, tainted),
      changes(`taint {nodes} ${A} dedicated:PreferNoSchedule- slow-`, tainted),
      changes(`taint {nodes} ${A} ${B} dedicated-`, tainted),
      changes(`taint {nodes} --selector=pool=${NS} dedicated-`, tainted),
      fails(`taint {nodes} ${A} nosuch-`, tainted),
      fails(`taint {nodes} ${A} slow:NoExecute-`, tainted),
      fails(`taint {nodes} ${NS}-nosuch dedicated-`, tainted),
      fails(`taint {nodes} ${A} dedicated-`, plain),
    ],
  },
];
