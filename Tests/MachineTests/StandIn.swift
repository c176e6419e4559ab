/// Stands in for systemd and Elasticsearch, of which a micro machine has neither.
///
/// Everything about disks is real in these tests; the node is simulated. `systemctl start` does what
/// esvault waits for: as the user elasticsearch it writes a node state below the `path.data` that
/// elasticsearch.yml names. How a real node behaves under a real systemd is tested in SystemTests.
enum StandIn {
  /// What the simulated unit does when it is started.
  enum Behaviour: String {
    case works
    /// The start itself fails.
    case fails
    /// It runs, and never writes a node state.
    case silent
    /// It starts, and is gone a moment later.
    case dies
    /// It runs, and takes for ever to stop.
    case lingers
  }

  /// Installs it in front of the machine's own systemctl, which finds no systemd to talk to.
  static func install() throws {
    try bash(
      """
      mkdir -p /run/stand-in
      cat >/usr/sbin/systemctl <<'END'
      \(systemctl)
      END
      cat >/usr/sbin/journalctl <<'END'
      \(journalctl)
      END
      chmod 755 /usr/sbin/systemctl /usr/sbin/journalctl
      """)
  }

  /// The units that esvault may have written and enabled.
  static let units =
    "/etc/systemd/system/{esvault-unlock.service{,.d},*.mount,elasticsearch.service.d,multi-user.target.wants/{esvault-unlock,elasticsearch}.service}"

  /// From here on the simulated systemd also says which files define a unit.
  static func tellPaths() throws { try bash("touch /run/stand-in/paths") }

  static func behave(_ behaviour: Behaviour) throws {
    try bash("echo \(behaviour.rawValue) >/run/stand-in/behaviour")
  }

  private static let systemctl = #"""
    #!/bin/bash
    # Not systemd: a stand-in for tests, see StandIn.swift.
    run=/run/stand-in
    etc=/etc/systemd/system
    # Built into bash where it can be: under emulation a program more is a hundredth of a second more.
    behaviour=works
    [[ ! -e $run/behaviour ]] || read -r behaviour <$run/behaviour
    unit=${*: -1}
    say() { echo "$*" >>$run/journal; }

    # What a node of Elasticsearch 7.0.0 writes first, captured from a real one.
    state() {
      local data folder newest next
      data=$(sed -n 's/^path.data: *"\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/elasticsearch/elasticsearch.yml)
      folder=$data/nodes/0/_state
      mkdir -p "$folder" || return
      newest=$(ls "$folder" | sed -n 's/^node-\([0-9]*\)\.st$/\1/p' | sort -n | tail -n 1)
      next=$((${newest:--1} + 1))
      printf '%b' '\x3f\xd7\x6c\x17\x05state\x00\x00\x00\x01\x00\x00\x00\x01:)\n\x05\xfa\x86node_idU' \
        '_cRiw287SRyE7ChkYnWIww' '\xfb\xc0\x28\x93\xe8\x00\x00\x00\x00\x00\x00\x00\x00\x6e\x57\xa6\x51' \
        >"$folder/node-$next.st.tmp"
      mv "$folder/node-$next.st.tmp" "$folder/node-$next.st"
      [[ -z $newest ]] || rm "$folder/node-$newest.st"
    }

    show() {
      local active=inactive load=not-found enabled=
      [[ $1 == elasticsearch.service || -e $etc/$1 ]] && load=loaded enabled=disabled
      [[ $1 != elasticsearch.service || ! -e $run/active ]] || active=active
      [[ ! -L $etc/multi-user.target.wants/$1 ]] || enabled=enabled
      printf '%s\n' "LoadState=$load" "ActiveState=$active" "UnitFileState=$enabled" \
        NeedDaemonReload=no User=elasticsearch \
        'ExecStart={ path=/usr/share/elasticsearch/bin/elasticsearch ; argv[]=/usr/share/elasticsearch/bin/elasticsearch }'
      # What a test wants systemd to say besides.
      if [[ -e $run/properties ]]; then cat $run/properties; fi
      [[ -e $run/paths ]] || return 0
      echo "FragmentPath=$(ls $etc/$1 2>/dev/null)"
      echo "DropInPaths=$(ls $etc/$1.d/*.conf 2>/dev/null | tr '\n' ' ')"
    }

    case $1 in
      show)
        while [[ $1 != -- ]]; do shift; done
        for unit in "${@:2}"; do
          show "$unit"
          echo
        done
        ;;
      daemon-reload) ;;
      enable)
        while [[ $1 != -- ]]; do shift; done
        for unit in "${@:2}"; do
          show "$unit" | grep -q LoadState=loaded || { echo "Unit $unit does not exist" >&2; exit 1; }
          mkdir -p $etc/multi-user.target.wants
          ln -sf "$etc/$unit" $etc/multi-user.target.wants/
        done
        ;;
      # The volume is open already.
      start) [[ $unit != esvault-unlock.service ]] || exit 0
        if [[ $behaviour == fails ]]; then
          say 'the last words of a node that did not start'
          echo "Job for $unit failed." >&2
          exit 1
        fi
        say 'the node has started'
        touch $run/active
        [[ $behaviour != dies ]] || { (sleep 1; rm $run/active) >/dev/null 2>&1 & }
        [[ $behaviour == works ]] || exit 0
        export -f state
        setpriv --reuid elasticsearch --regid elasticsearch --clear-groups bash -c 'umask 027; state'
        ;;
      stop)
        [[ $behaviour != lingers ]] || sleep 60
        rm -f $run/active
        ;;
      *) echo "the stand-in cannot '$1'" >&2; exit 64 ;;
    esac
    """#

  private static let journalctl = #"""
    #!/bin/bash
    # Not systemd: a stand-in for tests, see StandIn.swift.
    tail -n 8 /run/stand-in/journal
    """#
}
