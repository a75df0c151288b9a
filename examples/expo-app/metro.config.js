// Only because @mesocycle/client is a folder of this repository here, with packages of its own beside it: it is watched too, and
// gets this app's React and supabase-js, since two Reacts in one app break hooks. An app that takes it from npm needs no such file.
const path = require('node:path');
const { getDefaultConfig } = require('expo/metro-config');

const config = getDefaultConfig(__dirname);
const client = path.resolve(__dirname, '../../clients/typescript');

config.watchFolders = [...config.watchFolders, client];
config.resolver.resolveRequest = (context, name, platform) => {
  const isFromClient = context.originModulePath.startsWith(client) && !name.startsWith('.');
  const from = isFromClient ? { ...context, originModulePath: path.join(__dirname, 'package.json') } : context;
  return context.resolveRequest(from, name, platform);
};

module.exports = config;
