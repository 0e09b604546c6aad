using Ambient.Lab.Kernel;
using Ambient.Lab.Network;

namespace Ambient.Lab.Starting;

/// <summary>Where a lab finds what was built and keeps what it needs.</summary>
internal static class LabFolders
{
    private const string Marker = "AMBIENT_IN_NAMESPACE";
    private static readonly Lock Gate = new();
    private static bool shared;
    private static int labs;

    /// <summary>A name for the next lab of this process: lab, lab2, …; it begins the names of its network namespaces.</summary>
    public static string NextName()
    {
        var number = Interlocked.Increment(ref labs);
        return number == 1 ? "lab" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"lab{number}");
    }

    /// <summary>Refuses to start where the lab's mounts and namespaces would outlive it.</summary>
    public static void RequireNamespaces()
    {
        if (Environment.GetEnvironmentVariable(Marker) != "1")
        {
            throw new InvalidOperationException("a lab must run in namespaces of its own: use `ambientctl lab up`, or eng/in-namespace for a program that holds one");
        }
    }

    /// <summary>Makes /run/netns a mount whose new entries appear in containers that see it.</summary>
    public static void ShareNetns()
    {
        lock (Gate)
        {
            if (shared)
            {
                return;
            }

            // A second lab in the namespace would find the folder mounted already; mounting it on itself again does no harm.
            Directory.CreateDirectory(Netns.Folder);
            Native.Check(Native.Mount(Netns.Folder, Netns.Folder, null, Native.MsBind | Native.MsRec, null), "mount /run/netns");
            Native.Check(Native.Mount("none", Netns.Folder, null, Native.MsShared, null), "share /run/netns");
            shared = true;
        }
    }

    /// <summary>The build output that this program belongs to: the folder above <c>bin/PROJECT/release/</c>.</summary>
    public static string Artifacts()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (at.Name == "artifacts" || (Directory.Exists(Path.Combine(at.FullName, "bin", "Ambient.Echo")) && at.Name != "bin"))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException($"no build output found above {AppContext.BaseDirectory}");
    }

    /// <summary>The source tree's CRDs, where there is one.</summary>
    public static IReadOnlyList<string> Crds(string artifacts)
    {
        var folder = Path.Combine(Path.GetDirectoryName(artifacts) ?? "/", "charts", "ambient", "crds");
        return Directory.Exists(folder) ? [folder] : [];
    }
}
