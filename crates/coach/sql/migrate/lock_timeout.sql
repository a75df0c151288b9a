-- Behind a long transaction of somebody else, stop rather than make every request of the app queue up behind this.
set local lock_timeout = '30s';
