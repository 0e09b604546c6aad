using Ambient.Lab.Kernel;

namespace Ambient.Lab.Containers;

/// <summary>
/// Puts a container's root together on the calling thread's own mount namespace: the machine's files read-only, own /tmp and /run,
/// the given mounts on top. Where a mount's target is not there, its folder is replaced by one that shows the same entries and the new one:
/// overlayfs cannot do this inside a user namespace.
/// </summary>
internal sealed class RootFilesystem
{
    private const int MaxLinks = 40;
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal) { "proc", "sys", "dev", "tmp", "run", "lost+found" };

    private readonly string root;
    private readonly HashSet<string> folders = new(StringComparer.Ordinal) { "/" };
    private readonly List<string> trees = [];

    private RootFilesystem(string root) => this.root = root;

    /// <summary>Builds it and makes it the calling thread's root.</summary>
    public static void Enter(string directory, IReadOnlyList<MountPlan> mounts)
    {
        var files = new RootFilesystem(directory);
        Directory.CreateDirectory(directory);
        Mount("tmpfs", directory, "tmpfs", Native.MsNoSuid, "mode=755");
        files.ShowAll("/", directory, Own);
        foreach (var name in (string[])["proc", "sys", "dev", "tmp", "run"])
        {
            Directory.CreateDirectory(Path.Combine(directory, name));
        }

        var ordered = mounts.OrderBy(m => m.Target.Count(c => c == '/')).ThenBy(m => m.Target, StringComparer.Ordinal).ToList();
        var above = ordered.Where(m => !ordered.Any(o => IsBelow(m.Target, o.Target))).ToList();
        foreach (var mount in above)
        {
            files.MakeTarget(mount.Target, Directory.Exists(mount.Source));
        }

        SystemCall.MakeReadOnly(directory);
        Bind("/proc", directory + "/proc");
        Bind("/sys", directory + "/sys");
        Bind("/dev", directory + "/dev");
        Mount("tmpfs", directory + "/tmp", "tmpfs", Native.MsNoSuid | Native.MsNoDev, "mode=1777");
        Mount("tmpfs", directory + "/run", "tmpfs", Native.MsNoSuid | Native.MsNoDev, "mode=755");
        files.trees.AddRange(["/tmp", "/run"]);
        foreach (var mount in ordered)
        {
            files.Place(mount);
        }

        SystemCall.PivotRoot(directory);
    }

    private void Place(MountPlan mount)
    {
        var target = MakeTarget(mount.Target, Directory.Exists(mount.Source));
        Bind(mount.Source, root + target);
        if (mount.ReadOnly)
        {
            SystemCall.MakeReadOnly(root + target);
        }
        else
        {
            trees.Add(target);
        }
    }

    /// <summary>Makes sure that a path is there; returns it with links followed.</summary>
    private string MakeTarget(string path, bool directory)
    {
        var resolved = Resolve(path);
        if (resolved is "/" || (trees.Count == 0 && (IsBelow(resolved, "/run") || IsBelow(resolved, "/tmp"))))
        {
            // What is below /run and /tmp is made once they are there.
            return resolved;
        }

        var full = root + resolved;
        if (Directory.Exists(full) || File.Exists(full))
        {
            return resolved;
        }

        var parent = Path.GetDirectoryName(resolved)!;
        var present = parent;
        while (!Directory.Exists(root + present))
        {
            present = Path.GetDirectoryName(present)!;
        }

        if (!IsOurs(present))
        {
            Mount("tmpfs", root + present, "tmpfs", Native.MsNoSuid, "mode=755");
            ShowAll(present, root + present, []);
            folders.Add(present);
        }

        for (var made = directory ? resolved : parent; made != present; made = Path.GetDirectoryName(made)!)
        {
            folders.Add(made);
        }

        Directory.CreateDirectory(directory ? full : root + parent);
        if (!directory)
        {
            File.WriteAllText(full, "");
        }

        return resolved;
    }

    /// <summary>A folder that we made, or one in a tree that is ours altogether.</summary>
    private bool IsOurs(string path) =>
        folders.Contains(path) || trees.Any(t => path == t || path.StartsWith(t + "/", StringComparison.Ordinal));

    private void ShowAll(string from, string to, HashSet<string> except)
    {
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            if (except.Contains(entry.Name) || entry.FullName == root)
            {
                continue;
            }

            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(target, link);
            }
            else if (entry is DirectoryInfo)
            {
                Directory.CreateDirectory(target);
                Bind(entry.FullName, target);
            }
            else
            {
                File.WriteAllText(target, "");
                Bind(entry.FullName, target);
            }
        }
    }

    // Links are followed inside the new root: /var/run leads to the container's own /run.
    private string Resolve(string path)
    {
        var done = "";
        var left = new LinkedList<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        for (var links = 0; left.First is { } first;)
        {
            left.RemoveFirst();
            switch (first.Value)
            {
                case ".":
                    continue;
                case "..":
                    done = Path.GetDirectoryName(done) is { Length: > 1 } up ? up : "";
                    continue;
            }

            var next = $"{done}/{first.Value}";
            if (new FileInfo(root + next).LinkTarget is not { } link || ++links > MaxLinks)
            {
                done = next;
                continue;
            }

            done = link.StartsWith('/') ? "" : done;
            foreach (var part in link.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                left.AddFirst(part);
            }
        }

        return done.Length == 0 ? "/" : done;
    }

    private static bool IsBelow(string target, string folder) => target.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static void Bind(string source, string target) => Mount(source, target, null, Native.MsBind | Native.MsRec, null);

    private static void Mount(string source, string target, string? type, ulong flags, string? data) =>
        Native.Check(Native.Mount(source, target, type, flags, data), $"mount {source} on {target}");
}
