// debug by an ephemeral container and by a copy: every profile, and what kubectl refuses. A name drawn by lot would differ.
import { MAKE } from '../objects.ts';
import { changes, fails, type Row } from '../row.ts';

const POD = MAKE.pods('web');
const PROFILES = ['legacy', 'general', 'baseline', 'restricted', 'netadmin', 'sysadmin'] as const;
const LOOKING = '--image=busybox:1 --container=looking';
const COPY = '--copy-to=web-copy';

export const DEBUGGING: readonly Row[] = [
  {
    name: 'debug',
    ways: [
      ...PROFILES.map((profile) => changes(`debug web ${LOOKING} --profile=${profile} -- sleep 1`, [POD])),
      changes(`debug pod/web ${LOOKING} --target=web -- sleep 1`, [POD]),
      changes(`debug web ${LOOKING} --env=MODE=slow --image-pull-policy=Always -- sleep 1`, [POD]),
      fails(`debug web ${LOOKING} -- sleep 1`),
      fails('debug web --image=busybox:1 --container=web -- sleep 1', [POD]),
      fails('debug web --image=busybox:1 --container=Not_Valid -- sleep 1', [POD]),
      fails(`debug web ${LOOKING} --target=nosuch -- sleep 1`, [POD]),
    ],
  },
  {
    name: 'debug --copy-to',
    ways: [
      ...PROFILES.map((profile) => changes(`debug web ${COPY} ${LOOKING} --profile=${profile} -- sleep 1`, [POD])),
      changes(`debug web ${COPY} --set-image=web=web:2 --set-image=side=side:2`, [POD]),
      changes(`debug web ${COPY} --container=web -- sleep 1`, [POD]),
      changes(`debug web ${COPY} ${LOOKING} --share-processes=false --keep-labels -- sleep 1`, [POD]),
      fails(`debug web ${COPY} ${LOOKING} -- sleep 1`),
      fails(`debug web --copy-to=web ${LOOKING} -- sleep 1`, [POD]),
      fails(`debug web --copy-to=Not_Valid ${LOOKING} -- sleep 1`, [POD]),
      fails(`debug web ${COPY} --container=nosuch -- sleep 1`, [POD]),
    ],
  },
];
