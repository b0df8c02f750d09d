import type { KeyOrder } from '../generate/generate.js';
import type { FieldPlan, FramePlan, ObjectPlan } from '../plan.js';
import { JsonReader } from './reader.js';

/** The order of the keys in an accepted frame, object by object; of lists, the first row's. */
export function keyOrder(plan: FramePlan, text: string): KeyOrder {
  const order = new Map<ObjectPlan, string[]>();
  const reader = new JsonReader(text);

  const object = (from: ObjectPlan): void => {
    const keys: string[] = [];
    if (!order.has(from)) order.set(from, keys);
    reader.entries((key) => {
      keys.push(key);
      value(from.fields.find((field) => field.key === key));
    });
  };

  const value = (field: FieldPlan | undefined): void => {
    const nested = field?.object ?? field?.rows?.object;
    if (nested && reader.peek() === '{') object(nested);
    else if (nested && reader.peek() === '[') reader.elements(() => object(nested));
    else reader.raw();
  };

  object(plan.root.object);
  return order;
}
