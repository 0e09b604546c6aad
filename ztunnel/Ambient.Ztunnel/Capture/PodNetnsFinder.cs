using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// Finds the netns of a pod that no CNI call told of, through the processes' cgroups. A function of a <c>/proc</c> tree only.
/// </summary>
internal static partial class PodNetnsFinder
{
    /// <param name="procRoot">Normally <c>/proc</c>.</param>
    /// <param name="podUid">As Kubernetes writes it, with dashes.</param>
    /// <param name="addresses">The pod's addresses; the netns must hold one of them.</param>
    /// <returns>A path such as <c>/proc/42/ns/net</c> of the pod's oldest fitting process, or null.</returns>
    internal static string? Find(string procRoot, string podUid, IReadOnlyCollection<IPAddress> addresses)
    {
        string? home = Link(Path.Combine(procRoot, "1/ns/net"));
        string? own = Link(Path.Combine(procRoot, "self/ns/net"));
        (ulong Started, string Path)? best = null;
        foreach (string directory in Directory.EnumerateDirectories(procRoot))
        {
            if (!Path.GetFileName(directory).All(char.IsAsciiDigit) || !BelongsTo(directory, podUid))
            {
                continue;
            }

            string path = Path.Combine(directory, "ns/net");
            if (Link(path) is { } link && link != home && link != own && HoldsOneOf(directory, addresses)
                && StartTime(directory) is { } started && (best is null || started < best.Value.Started))
            {
                best = (started, path);
            }
        }

        return best?.Path;
    }

    /// <summary>
    /// The pod uid in a cgroup path: the first segment that names a pod, below nothing but the kubelet's own levels. What a
    /// container makes further down (its own cgroup is delegated to it) says nothing. Leading <c>..</c>: the reader is in a
    /// cgroup namespace of its own.
    /// </summary>
    internal static string? PodUidOf(string cgroupPath)
    {
        foreach (string segment in cgroupPath.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (PodSegment.Match(segment) is { Success: true } pod)
            {
                return pod.Groups["uid"].Value.Replace('_', '-');
            }

            if (!KubeletSegment.IsMatch(segment))
            {
                return null;
            }
        }

        return null;
    }

    private static bool BelongsTo(string process, string podUid) =>
        (TryRead(Path.Combine(process, "cgroup")) ?? "").Split('\n')
        .Select(line => line.Split(':', 3))
        .Any(parts => parts.Length == 3 && PodUidOf(parts[2]) == podUid);

    private static bool HoldsOneOf(string process, IReadOnlyCollection<IPAddress> addresses)
    {
        HashSet<IPAddress> held = [.. LocalV4(TryRead(Path.Combine(process, "net/fib_trie")) ?? ""),
            .. LocalV6(TryRead(Path.Combine(process, "net/if_inet6")) ?? "")];
        return addresses.Any(held.Contains);
    }

    // fib_trie: "|-- 10.244.1.5" followed by "/32 host LOCAL".
    private static IEnumerable<IPAddress> LocalV4(string trie)
    {
        IPAddress? last = null;
        foreach (string line in trie.Split('\n'))
        {
            int leaf = line.IndexOf("|-- ", StringComparison.Ordinal);
            if (leaf >= 0)
            {
                last = IPAddress.TryParse(line[(leaf + 4)..].Trim(), out IPAddress? parsed) ? parsed : null;
            }
            else if (last is not null && line.Contains("/32 host LOCAL", StringComparison.Ordinal))
            {
                yield return last;
            }
        }
    }

    // if_inet6: 32 hexadecimal digits first.
    private static IEnumerable<IPAddress> LocalV6(string table) => table.Split('\n')
        .Where(line => line.Length > 32 && line.AsSpan(0, 32).IndexOfAnyExcept(s_hex) < 0)
        .Select(line => new IPAddress(Convert.FromHexString(line.AsSpan(0, 32))));

    // proc(5) stat: field 22; counted after the last ')' since the name may hold anything.
    private static ulong? StartTime(string process)
    {
        string stat = TryRead(Path.Combine(process, "stat")) ?? "";
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && ulong.TryParse(fields[19], CultureInfo.InvariantCulture, out ulong started) ? started : null;
    }

    private static string? Link(string path)
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

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static readonly System.Buffers.SearchValues<char> s_hex = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    [GeneratedRegex(@"^(?:(?:kubelet-)*kubepods(?:-besteffort|-burstable|-guaranteed)?-)?pod(?<uid>[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(\.slice(:cri-containerd:[0-9a-f]+)?)?$")]
    private static partial Regex PodSegment { get; }

    [GeneratedRegex(@"^(\.\.|(kubelet-)*(kubelet|kubepods)(-(besteffort|burstable|guaranteed))?(\.slice)?|besteffort|burstable|guaranteed|(system|runtime)\.slice|[a-z0-9-]+\.service)$")]
    private static partial Regex KubeletSegment { get; }
}
