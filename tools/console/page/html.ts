import { html as template } from 'htm/preact';
import { type ComponentChildren, type ComponentType, h as createElement, type VNode } from 'preact';

export type { ComponentChildren, VNode };

/** Markup as a tagged template. Several elements side by side are one node too. */
export const html: (strings: TemplateStringsArray, ...values: readonly unknown[]) => VNode = template;

/** A component, its properties checked, which a template would not do. */
export const h = <Props extends object>(
  component: ComponentType<Props>,
  properties: Props & { readonly key?: string | number },
  ...children: ComponentChildren[]
): VNode => createElement(component as ComponentType, properties, ...children);
