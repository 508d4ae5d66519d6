// The impact picture, drawn from left to right; loaded only when it is opened.
import dagre from '@dagrejs/dagre';
import { Controls, type Edge, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type ReactElement, useMemo } from 'react';
import type { Outline } from '../../../src/core/text/impact-outline.ts';
import { plain } from '../ui/others-words.ts';
import { useWords } from '../words/words.ts';
import { groupName, groupRole } from './impact-groups.ts';

/** Pixels of a box. */
const [WIDTH, HEIGHT] = [230, 52];

type Box = Node<{ readonly name: string; readonly role: string }, 'box'>;

const BoxNode = ({ data }: NodeProps<Box>): ReactElement => {
  const words = useWords();
  const [kind, ...name] = data.name.split(' ');
  return (
    <div className={`box role-${data.role}`} title={data.name}>
      <Handle type="target" position={Position.Left} />
      <span className="box-kind">
        {kind} · {words.proposal.role[data.role]}
      </span>
      <span className="box-name">{name.join(' ')}</span>
      <Handle type="source" position={Position.Right} />
    </div>
  );
};

const NODE_TYPES = { box: BoxNode };

const laidOut = ({ groups, edges }: Outline): readonly Box[] => {
  const graph = new dagre.graphlib.Graph().setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 70 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of groups) graph.setNode(id, { width: WIDTH, height: HEIGHT });
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  return groups.map((group) => {
    const { x, y } = graph.node(group.id);
    const data = { name: plain(groupName(group)), role: groupRole(group) };
    return {
      id: group.id,
      type: 'box',
      position: { x: x - WIDTH / 2, y: y - HEIGHT / 2 },
      data,
      width: WIDTH,
      height: HEIGHT,
    };
  });
};

export function ImpactPicture({ outline }: { outline: Outline }): ReactElement {
  const words = useWords();
  const nodes = useMemo(() => [...laidOut(outline)], [outline]);
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
    <figure className="picture" aria-label={words.proposal.impact}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        fitView
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
    </figure>
  );
}
