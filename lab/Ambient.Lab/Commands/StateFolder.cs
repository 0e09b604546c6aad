using System.Globalization;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Commands;

/// <summary>The folder that remembers a running lab: kubeconfig, pid, log. Only its owner may enter it.</summary>
internal sealed class StateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private StateFolder(string path) => Path = path;

    public string Path { get; }

    public string Kubeconfig => In("kubeconfig");

    public string Log => In("log");

    public string Ready => In("ready");

    private string ProcessFile => In("pid");

    private string ClaimantFile => In("claimant");

    /// <summary>The folder of a path, or the person's own default; not made.</summary>
    public static StateFolder At(string? path) => new(System.IO.Path.GetFullPath(path
        ?? (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime)
            ? System.IO.Path.Combine(runtime, "ambient-lab")
            : string.Create(CultureInfo.InvariantCulture, $"/tmp/ambient-lab-{Native.GetUid()}"))));

    /// <exception cref="InvalidOperationException">It is not ours alone: someone else could read the keys in it.</exception>
    public void Make()
    {
        var folder = new DirectoryInfo(Path);
        if (!folder.Exists)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
#pragma warning disable CA1416 // Linux alone has what a lab is made of.
            Directory.CreateDirectory(Path, OwnerOnly);
        }

        if (folder.LinkTarget is not null || FileOwner.Of(Path) != Native.GetUid() || (File.GetUnixFileMode(Path) & ~OwnerOnly) != 0)
#pragma warning restore CA1416
        {
            throw new InvalidOperationException($"{Path} must be a folder of yours that nobody else may enter (mode 0700)");
        }
    }

    /// <summary>
    /// The right to begin a lab in this folder, or to clear it: one process has it at a time, until it disposes of it, ends, or becomes the lab.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another process has it, which the message names.</exception>
    public IDisposable Claim()
    {
        FileStream claim;
        try
        {
            // The kernel's lock on the open file: nothing stays behind when its holder is killed.
            claim = new FileStream(In("lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException) when (Directory.Exists(Path))
        {
            throw new InvalidOperationException(
                $"another lab is being started or ended in {Path} just now (pid {Claimant()}): wait for that, or use another --state");
        }

        File.WriteAllText(ClaimantFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return claim;
    }

    public void Remember(LabProcess process) => File.WriteAllText(ProcessFile, process.ToString());

    /// <summary>The lab's process while it runs, otherwise null.</summary>
    public LabProcess? Running() =>
        File.Exists(ProcessFile) && LabProcess.Parse(File.ReadAllText(ProcessFile)) is { IsAlive: true } process ? process : null;

    /// <summary>Removes what a lab that is gone left.</summary>
    public void Clear()
    {
        foreach (var file in (string[])[Kubeconfig, Ready, ProcessFile])
        {
            File.Delete(file);
        }
    }

    private string Claimant()
    {
        try
        {
            return File.ReadAllText(ClaimantFile);
        }
        catch (IOException)
        {
            return "unknown";
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
