using Ambient.Kube.Resources;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Network;

/// <summary>Named network namespaces under /run/netns, as ip-netns(8) makes them.</summary>
internal static class Netns
{
    public const string Folder = "/run/netns";

    public static string PathOf(string name) => $"{Folder}/{name}";

    /// <summary>Makes an empty namespace with its loopback down, and writes <paramref name="sysctls"/> (path below /proc/sys/net, value) in it.</summary>
    public static Task CreateAsync(string name, IReadOnlyList<(string Path, string Value)> sysctls) => NamespaceThread.RunAsync(() =>
    {
        var path = PathOf(name);
        Native.Check(Native.Unshare(Native.CloneNewNet), "unshare net");
        File.WriteAllText(path, "");
        Native.Check(Native.Mount("/proc/thread-self/ns/net", path, null, Native.MsBind, null), $"mount {path}");
        foreach (var (key, value) in sysctls)
        {
            var file = "/proc/sys/net/" + key;
            if (File.Exists(file))
            {
                File.WriteAllText(file, value);
            }
        }
    });

    /// <summary>Writes those of a pod's kernel parameters that belong to a network namespace (<c>net.…</c>); names with anything but words and dots are left out.</summary>
    public static Task SetAsync(string path, IReadOnlyList<Sysctl> sysctls) => sysctls.Count == 0 ? Task.CompletedTask : NamespaceThread.RunAsync(() =>
    {
        NamespaceThread.EnterNetwork(path);
        foreach (var sysctl in sysctls.Where(s => s.Name.StartsWith("net.", StringComparison.Ordinal) && s.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_')))
        {
            File.WriteAllText("/proc/sys/" + sysctl.Name.Replace('.', '/'), sysctl.Value);
        }
    });

    /// <summary>Removes the name; the namespace goes when its last process and socket have.</summary>
    public static void Delete(string name)
    {
        var path = PathOf(name);
        _ = Native.Unmount(path, 2);
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // Never mounted, or gone already.
        }
    }

    /// <summary>The inode that /proc/PID/ns/net of its processes shows as <c>net:[inode]</c>.</summary>
    public static Task<T> InAsync<T>(string path, Func<T> work) => NamespaceThread.RunAsync(() =>
    {
        NamespaceThread.EnterNetwork(path);
        return work();
    });
}
