// The impact picture, drawn from left to right; loaded only when it is opened.
import dagre from '@dagrejs/dagre';
import { Controls, type Edge, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type ReactElement, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Outline } from '../../../src/core/text/impact-outline.ts';
import { plain } from '../ui/others-words.ts';
import type { Words } from '../words/en.ts';
import { useWords } from '../words/words.ts';
import { groupName, groupRole } from './impact-groups.ts';

/** Pixels of a box. */
const [WIDTH, HEIGHT] = [230, 52];
/** Pixels of the picture, at most and at least. */
const [MOST_HIGH, LEAST_HIGH] = [640, 180];

type Box = Node<{ readonly name: string; readonly role: string; readonly direction: 'LR' | 'TB' }, 'box'>;

const BoxNode = ({ data }: NodeProps<Box>): ReactElement => {
  const words = useWords();
  const [kind, ...name] = data.name.split(' ');
  const isAcross = data.direction === 'LR';
  return (
    <div className={`box role-${data.role}`} title={data.name}>
      <Handle type="target" position={isAcross ? Position.Left : Position.Top} />
      <span className="box-kind">
        {kind} · {words.proposal.role[data.role]}
      </span>
      <span className="box-name">{name.join(' ')}</span>
      <Handle type="source" position={isAcross ? Position.Right : Position.Bottom} />
    </div>
  );
};

const NODE_TYPES = { box: BoxNode };

interface Layout {
  readonly boxes: readonly Box[];
  readonly width: number;
  readonly height: number;
}

const laidOut = ({ groups, edges }: Outline, direction: 'LR' | 'TB', words: Words): Layout => {
  const graph = new dagre.graphlib.Graph().setGraph({
    rankdir: direction,
    nodesep: 14,
    ranksep: direction === 'LR' ? 70 : 44,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of groups) graph.setNode(id, { width: WIDTH, height: HEIGHT });
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  const boxes = groups.map((group): Box => {
    const { x, y } = graph.node(group.id);
    const data = { name: plain(groupName(group, words)), role: groupRole(group), direction };
    const position = { x: x - WIDTH / 2, y: y - HEIGHT / 2 };
    return { id: group.id, type: 'box', position, data, width: WIDTH, height: HEIGHT };
  });
  const { width = WIDTH, height = HEIGHT } = graph.graph();
  return { boxes, width, height };
};

/** How large it can be drawn in a place so many pixels wide, where it may be so high. */
const zoomOf = ({ width, height }: Layout, place: number): number =>
  Math.min(1, place / (width + 40), MOST_HIGH / (height + 40));

/** From left to right or from top to bottom: whichever can be read better in the place there is. */
const bestLayout = (outline: Outline, place: number, words: Words): Layout => {
  const [across, down] = [laidOut(outline, 'LR', words), laidOut(outline, 'TB', words)];
  return zoomOf(across, place) >= zoomOf(down, place) ? across : down;
};

const heightOf = (layout: Layout | null, place: number | null): number =>
  layout === null || place === null ? LEAST_HIGH : Math.max(LEAST_HIGH, (layout.height + 60) * zoomOf(layout, place));

export function ImpactPicture({ outline }: { outline: Outline }): ReactElement {
  const words = useWords();
  const frame = useRef<HTMLElement>(null);
  const [place, setPlace] = useState<number | null>(null);
  useLayoutEffect(() => setPlace(frame.current?.clientWidth ?? 800), []);
  const layout = useMemo(() => (place === null ? null : bestLayout(outline, place, words)), [outline, place, words]);
  const edges = useMemo(
    () =>
      outline.edges.map(
        ({ from, to, relation }): Edge => ({
          id: `${from} ${relation} ${to}`,
          source: from,
          target: to,
          label: words.proposal.relation[relation] ?? relation,
          markerEnd: { type: MarkerType.ArrowClosed },
        }),
      ),
    [outline, words],
  );
  return (
    <figure
      ref={frame}
      className="picture"
      aria-label={words.proposal.impact}
      style={{ height: heightOf(layout, place) }}
    >
      {layout !== null && (
        <ReactFlow
          nodes={[...layout.boxes]}
          edges={edges}
          nodeTypes={NODE_TYPES}
          fitView
          fitViewOptions={{ padding: 0.04, maxZoom: 1 }}
          minZoom={0.1}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          preventScrolling={false}
          zoomOnScroll={false}
          proOptions={{ hideAttribution: true }}
        >
          <Controls showInteractive={false} />
        </ReactFlow>
      )}
    </figure>
  );
}
