using System.Collections.Frozen;
using Ambient.Kube.Resources;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Containers;

/// <summary>Capabilities that a container's root may hold: what container runtimes give by default, plus and minus what its securityContext says.</summary>
internal sealed class CapabilitySet
{
    private const int Last = 40;

    // capabilities(7), by number.
    private static readonly string[] Names =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT",
        "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE",
        "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ];

    private static readonly string[] Default =
    [
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE",
        "SYS_CHROOT", "KILL", "AUDIT_WRITE",
    ];

    private readonly FrozenSet<int> kept;

    private CapabilitySet(IEnumerable<string> names) =>
        kept = names.Select(n => Array.IndexOf(Names, n)).Where(n => n >= 0).ToFrozenSet();

    public static CapabilitySet All { get; } = new(Names);

    public static CapabilitySet Of(SecurityContext? context)
    {
        if (context?.Privileged == true)
        {
            return All;
        }

        var drop = (context?.Capabilities?.Drop ?? []).Select(Plain).ToHashSet(StringComparer.Ordinal);
        var add = (context?.Capabilities?.Add ?? []).Select(Plain).ToArray();
        IEnumerable<string> names = drop.Contains("ALL") ? [] : Default.Where(n => !drop.Contains(n));
        return new CapabilitySet(add.Contains("ALL") ? Names : names.Concat(add));
    }

    public bool Has(string name) => kept.Contains(Array.IndexOf(Names, name));

    /// <summary>The calling thread, and what it spawns, can never hold any other capability.</summary>
    public void Enforce()
    {
        for (var number = 0; number <= Last; number++)
        {
            if (!kept.Contains(number))
            {
                // Numbers that an older kernel does not know are refused; it has nothing to drop then.
                _ = Native.Prctl(Native.PrCapBsetDrop, (nuint)number, 0, 0, 0);
            }
        }
    }

    private static string Plain(string name)
    {
        var upper = name.ToUpperInvariant();
        return upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper[4..] : upper;
    }
}
