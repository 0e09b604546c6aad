using System.Runtime.InteropServices;
using System.Text;
using Ambient.Proxy.Names;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Enrolment;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// The pod's own resolver settings, read through a process of its netns. The pod owns that file system: opened inside its root
/// only, a regular file only, a bounded number of bytes, on a thread of its own and not waited for longer than a second.
/// </summary>
internal sealed partial class PodResolvConf(PodContext pod)
{
    private const string File = "etc/resolv.conf";
    private const int MaxBytes = 16 * 1024;
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<ResolvConf>? _current;
    private long _read;

    internal Task<ResolvConf> GetAsync()
    {
        lock (_gate)
        {
            if (_current is null || pod.Node.Time.GetElapsedTime(_read) > s_fresh)
            {
                _read = pod.Node.Time.GetTimestamp();
                _current = ReadAsync();
            }

            return _current;
        }
    }

    private async Task<ResolvConf> ReadAsync()
    {
        ResolvConf? own = null;
        try
        {
            own = await Netns.Home.RunAsync(FindInPod).WaitAsync(s_patience, pod.Node.Time);
        }
        catch (Exception e) when (e is TimeoutException or IOException or UnauthorizedAccessException)
        {
            // The node's settings do until the next look.
        }

        if (own is not null)
        {
            return own;
        }

        string fallback = pod.Node.Config.ResolvConf;
        return ResolvConf.Parse(System.IO.File.Exists(fallback) ? await System.IO.File.ReadAllTextAsync(fallback) : "");
    }

    // A process of the pod has a root of its own; one that only entered the netns (a probe, this proxy) has the node's.
    private ResolvConf? FindInPod()
    {
        string proc = pod.Node.Config.ProcRoot, netns = pod.Netns.Id.ToString();
        string? nodeMounts = LinkOf(Path.Combine(proc, "self/ns/mnt"));
        foreach (string process in Directory.EnumerateDirectories(proc).Where(d => Path.GetFileName(d).All(char.IsAsciiDigit)))
        {
            if (LinkOf(Path.Combine(process, "ns/net")) == netns && LinkOf(Path.Combine(process, "ns/mnt")) is { } mounts
                && mounts != nodeMounts && ReadInside(Path.Combine(process, "root")) is { Nameservers.IsEmpty: false } found)
            {
                return found;
            }
        }

        return null;
    }

    private static unsafe ResolvConf? ReadInside(string root)
    {
        using SafeFileHandle directory = Native.Open(root, Native.ReadOnlyCloseOnExec);
        if (directory.IsInvalid)
        {
            return null;
        }

        // struct open_how: flags (O_CLOEXEC | O_NONBLOCK | O_NOCTTY), mode, resolve (RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS).
        ulong* how = stackalloc ulong[] { 0x80000 | 0x800 | 0x100, 0, 0x10 | 0x02 };
        nint descriptor = OpenInside(437, directory, File, how, 24);
        if (descriptor < 0)
        {
            return null;
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (!IsRegular(handle))
        {
            return null;
        }

        byte[] bytes = new byte[MaxBytes];
        int got = RandomAccess.Read(handle, bytes, 0);
        return ResolvConf.Parse(Encoding.UTF8.GetString(bytes, 0, got));
    }

    // struct stat: st_mode is the 32-bit word at offset 24 on x86-64 and at 16 on arm64; S_IFMT 0xf000, S_IFREG 0x8000.
    private static unsafe bool IsRegular(SafeFileHandle handle)
    {
        ulong* status = stackalloc ulong[64];
        int at = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 24 : 16;
        return Native.Status(handle, status) == 0 && (*(uint*)((byte*)status + at) & 0xf000) == 0x8000;
    }

    private static string? LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // openat2 has no wrapper in libc; 437 on every architecture.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint OpenInside(nint number, SafeHandle directory, string path, ulong* how, nuint size);
}
