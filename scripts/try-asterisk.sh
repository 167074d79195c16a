#!/usr/bin/env bash
# A real Asterisk plays a recording into AudioSocket of this server; the text that comes back is printed.
#
#   sudo scripts/try-asterisk.sh [FOLDER] [RECORDING]
#
# Debian 12 has no Asterisk: the one of Debian's unstable is unpacked into FOLDER (270 MB, kept for the next time), with all that it needs, and
# run there by chroot; nothing is installed. Needs root, apt-get, dpkg-deb and ffmpeg, and `npm run build` before.
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"
folder="$(realpath -m "${1:-/var/tmp/stt-asterisk}")"
recording="$(realpath "${2:-$here/samples/human/ru_invalid_number.wav}")"
root="$folder/root"
port=19092
data_port=19012
control_port=19011

fetch() {
  local mirror
  mirror="$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -oE 'https?://[^ ]+/debian/? ?$|https?://[^ ]+/debian/? ' | head -1 | tr -d ' ')"
  mkdir -p "$folder"/apt/{state/lists/partial,cache/archives/partial} "$root"/usr/{bin,sbin,lib,lib64}
  : >"$folder/apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} sid main" >"$folder/apt/sid.list"
  local apt=(apt-get -q -o "Dir::State=$folder/apt/state" -o "Dir::Cache=$folder/apt/cache" -o "Dir::State::status=$folder/apt/status"
    -o "Dir::Etc::sourcelist=$folder/apt/sid.list" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root)
  "${apt[@]}" update
  "${apt[@]}" install -y --download-only --no-install-recommends asterisk
  for name in bin sbin lib lib64; do [[ -e "$root/$name" ]] || ln -s "usr/$name" "$root/$name"; done
  for file in "$folder"/apt/cache/archives/*.deb; do dpkg-deb -x "$file" "$root"; done
}

configure() {
  mkdir -p "$root"/etc/try "$root"/var/{lib,log,run,spool}/asterisk "$root"/tmp
  cat >"$root/etc/try/asterisk.conf" <<'CONF'
[directories]
astetcdir => /etc/try
astmoddir => /usr/lib/x86_64-linux-gnu/asterisk/modules
astvarlibdir => /var/lib/asterisk
astdbdir => /var/lib/asterisk
astdatadir => /usr/share/asterisk
astspooldir => /var/spool/asterisk
astrundir => /var/run/asterisk
astlogdir => /var/log/asterisk
CONF
  cat >"$root/etc/try/modules.conf" <<'CONF'
[modules]
autoload = no
load = res_timing_timerfd.so
load = res_audiosocket.so
load = app_audiosocket.so
load = app_playback.so
load = format_wav.so
load = pbx_config.so
CONF
  cat >"$root/etc/try/extensions.conf" <<'CONF'
[try]
exten => play,1,Answer()
 same => n,Wait(1)
 same => n,Playback(/tmp/prompt)
 same => n,Wait(2)
 same => n,Hangup()
CONF
}

[[ -x "$root/usr/sbin/asterisk" ]] || fetch
configure
ffmpeg -v error -y -i "$recording" -ar 8000 -ac 1 -c:a pcm_s16le "$root/tmp/prompt.wav"
asterisk() { chroot "$root" /usr/sbin/asterisk -C /etc/try/asterisk.conf "$@"; }
asterisk -V

AUDIOSOCKET_PORT=$port node "$here/packages/server/bin/stt-server.js" --data-port $data_port --control-port $control_port &
server=$! call='' pbx=''
trap 'kill $server $call $pbx 2>/dev/null || true; wait 2>/dev/null || true' EXIT
until curl -sf "http://127.0.0.1:$data_port/readyz" >/dev/null; do
  kill -0 $server
  sleep 0.5
done
node - $data_port <<'JS' &
const socket = new (require("ws").WebSocket)(`ws://127.0.0.1:${process.argv[2]}/v1/calls`);
socket.on("message", (data) => {
  const event = JSON.parse(data);
  if (event.type !== "partial") console.log(event.type, event.call, event.text ?? "");
  if (event.type === "call_end") process.exit();
});
JS
call=$!
chroot "$root" /usr/sbin/asterisk -C /etc/try/asterisk.conf -f -q &
pbx=$!
until asterisk -rx 'core waitfullybooted' >/dev/null 2>&1; do sleep 0.5; done
id="$(cat /proc/sys/kernel/random/uuid)"
asterisk -rx "channel originate Local/play@try application AudioSocket $id,127.0.0.1:$port" >/dev/null
wait $call
