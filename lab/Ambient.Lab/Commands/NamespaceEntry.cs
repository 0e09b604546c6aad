using System.Runtime.InteropServices;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Commands;

/// <summary>
/// Turns this process into <c>unshare … ambientctl lab run …</c>. unshare stays outside as the lab's parent and dies with it; the lab is
/// the first process of its PID namespace, so that the kernel ends everything in it however it ends.
/// </summary>
internal static unsafe class NamespaceEntry
{
    private static readonly string[] Flags =
        ["--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];

    /// <summary>This process becomes the lab's parent; only returns by an exception.</summary>
    public static void Exec(InnerArguments inner)
    {
        var command = Command(inner);
        var arguments = Spawner.Pointers(command);
        var environment = Spawner.Pointers(EnvironmentInside());
        _ = Native.ExecVe(command[0], arguments, environment);
        throw new KernelException($"cannot run {command[0]}", Marshal.GetLastPInvokeError());
    }

    /// <summary>A new process, in a session of its own, becomes the lab's parent; it writes to <paramref name="log"/>.</summary>
    public static Task<ChildProcess> SpawnAsync(InnerArguments inner, int log) => NamespaceThread.RunAsync(() =>
    {
        var command = Command(inner);
        return Spawner.Start(new SpawnRequest { Program = command[0], Arguments = [.. command.Skip(1)], Environment = EnvironmentInside(), Output = log, Error = log });
    });

    private static List<string> Command(InnerArguments inner)
    {
        // The socket goes on into the lab; close-on-exec would take it away on the way.
        Native.Check(Native.Fcntl(inner.ApiFd, 2, 0), "fcntl F_SETFD");
        string[] user = Native.GetUid() == 0 ? [] : ["--user", "--map-root-user"];
        return [Tool.Find("unshare"), .. user, .. Flags, .. Self(), "lab", "run", .. inner.Format()];
    }

    private static List<string> EnvironmentInside() => [.. Spawner.CurrentEnvironment(), "AMBIENT_IN_NAMESPACE=1"];

    /// <summary>This program as it was started: by its own file, or by dotnet and an assembly.</summary>
    private static string[] Self()
    {
        var path = Environment.ProcessPath ?? throw new InvalidOperationException("this program's own path is not known");
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, Environment.GetCommandLineArgs()[0]] : [path];
    }
}
