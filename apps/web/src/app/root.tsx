import { Outlet, useRouterState } from '@tanstack/react-router';
import { LazyMotion } from 'motion/react';
import { useEffect, useLayoutEffect } from 'react';
import { plainVisits } from '../api/plain-picture.ts';
import { Toasts } from '../ui/toast.tsx';
import { themeVisits } from './theme.ts';

const loadMotion = () => import('./motion-features.ts').then((module) => module.domAnimation);

export function Root() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => themeVisits(path), [path]);
  useLayoutEffect(() => plainVisits(path), [path]);
  return (
    <LazyMotion features={loadMotion} strict>
      <Outlet />
      <Toasts />
    </LazyMotion>
  );
}
