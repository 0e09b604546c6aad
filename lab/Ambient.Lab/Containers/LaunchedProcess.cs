using System.Globalization;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Containers;

/// <summary>A container's first process, and the mount namespace by which all that it started is found.</summary>
internal sealed record LaunchedProcess(ChildProcess Process, string? MountNamespace)
{
    /// <summary>Kills whatever still lives in the container, wherever it has been re-parented to.</summary>
    public void KillAll()
    {
        Process.Signal(Native.SigKill);
        if (MountNamespace is null)
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Launcher.MountNamespaceOf(pid.ToString(CultureInfo.InvariantCulture)) == MountNamespace)
            {
                _ = Native.Kill(pid, Native.SigKill);
            }
        }
    }
}
