/// What an audit does not show, however clean it is.
package enum AuditLimits {
  /// One paragraph for each, plain text.
  package static let all = [
    evidence, moment, otherPaths, sleep, runningMachine, cardNumbers, modification,
  ]

  private static let evidence = """
    An audit gives evidence; it claims no compliance. Whether a control is met is for an assessor \
    to say, who looks at more than these checks.
    """

  private static let moment = """
    It tells what was seen at one moment on one machine. What was written before a disk was \
    encrypted, what was copied elsewhere, and what travels over the network it does not see.
    """

  /// What the traces leave out; see `StorageTracer` and `WrittenPaths`.
  private static let otherPaths = """
    It follows what Elasticsearch's settings, its unit and its Java options name, and the processes \
    of the unit. A node that somebody starts by hand or by another unit, files that \
    log4j2.properties puts elsewhere, what plugins write, symbolic links inside of a data path, and \
    the external journal of a filesystem it does not see.
    """

  /// systemd-sleep(8), kdump(8).
  private static let sleep = """
    Suspending a machine to disk, or a kernel that dumps its memory when it crashes (kdump), writes \
    all memory to a disk: documents, locked pages, and the keys of open volumes. Neither is looked \
    at: switch both off.
    """

  private static let runningMachine = """
    A running machine is readable: while a volume is open, root sees the data, and so does whoever \
    becomes root or reads the memory. Encrypted disks protect data on disks that are lost, stolen, \
    returned or copied.
    """

  /// PCI DSS v4.0 (March 2022), requirement 3.5.1.2 and its applicability notes; required since 31
  /// March 2025.
  private static let cardNumbers = """
    PCI DSS v4.0, 3.5.1.2 does not accept encryption of disks or partitions alone for card numbers \
    (PAN) on media that are not removable, and the disks of a data centre count as such: there, card \
    numbers must also be made unreadable by another mechanism of 3.5.1.
    """

  /// cryptsetup(8) on data integrity: aes-xts has no authentication tag.
  private static let modification = """
    NIST SP 800-53, SC-28(1) names disclosure and modification. A volume with aes-xts keeps what is \
    on the disk from being read; it does not show that somebody has changed it.
    """
}
