#!/bin/bash
# Runs a command in a control group of a third of a processor (version 1, root): bash within_quota.sh COMMAND…
group=/sys/fs/cgroup/cpu/third.$$
mkdir "$group"
echo 100000 > "$group/cpu.cfs_period_us"
echo 33000 > "$group/cpu.cfs_quota_us"
echo $BASHPID > "$group/tasks"
"$@"
status=$?
echo $BASHPID > /sys/fs/cgroup/cpu/tasks
rmdir "$group"
exit $status
