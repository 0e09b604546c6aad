using Ambient.Lab.Kernel;

namespace Ambient.Lab.Containers;

/// <summary>
/// Starts a container's process on a thread that becomes the container step by step: network, mounts, host name, root, capabilities, user.
/// </summary>
internal static class Launcher
{
    public static Task<LaunchedProcess> StartAsync(LaunchPlan plan, int output) => NamespaceThread.RunAsync(() =>
    {
        NamespaceThread.EnterNetwork(plan.NetnsPath);
        Native.Check(Native.Unshare(Native.CloneNewNs | Native.CloneNewUts), "unshare");
        Native.Check(Native.Mount("none", "/", null, Native.MsSlave | Native.MsRec, null), "mount slave");
        Native.Check(Native.SetHostName(plan.HostName, (nuint)plan.HostName.Length), "sethostname");
        RootFilesystem.Enter(plan.RootDirectory, plan.Mounts);
        var mounts = MountNamespaceOf("thread-self");
        Restrict(plan);
        var process = Spawner.Start(new SpawnRequest
        {
            Program = Find(plan.Command[0], plan.Environment),
            Arguments = [.. plan.Command.Skip(1)],
            Environment = plan.Environment,
            WorkingDirectory = plan.WorkingDirectory,
            Output = output,
            Error = output,
        });
        return new LaunchedProcess(process, mounts);
    });

    /// <summary>Starts another process in a running container's namespaces.</summary>
    public static Task<ChildProcess> JoinAsync(int pid, LaunchPlan plan, IReadOnlyList<string> command, (int Input, int Output, int Error) streams, string? terminal = null) =>
        NamespaceThread.RunAsync(() =>
        {
            Native.Check(Native.Unshare(Native.CloneFs), "unshare fs");
            var namespaces = (Net: $"/proc/{pid}/ns/net", Uts: $"/proc/{pid}/ns/uts", Mnt: $"/proc/{pid}/ns/mnt");
            NamespaceThread.Enter(namespaces.Net, Native.CloneNewNet);
            NamespaceThread.Enter(namespaces.Uts, Native.CloneNewUts);
            NamespaceThread.Enter(namespaces.Mnt, Native.CloneNewNs);
            Restrict(plan);
            return Spawner.Start(new SpawnRequest
            {
                Program = Find(command[0], plan.Environment),
                Arguments = [.. command.Skip(1)],
                Environment = plan.Environment,
                WorkingDirectory = plan.WorkingDirectory,
                Input = streams.Input,
                Output = streams.Output,
                Error = streams.Error,
                Terminal = terminal,
            });
        });

    /// <summary>Identifies a mount namespace: <c>mnt:[4026532201]</c>.</summary>
    public static string? MountNamespaceOf(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/mnt").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Restrict(LaunchPlan plan)
    {
        plan.Capabilities.Enforce();
        if (plan.User != 0)
        {
            SystemCall.BecomeUser(plan.User, plan.Group);
        }
    }

    private static string Find(string program, IReadOnlyList<string> environment)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return program;
        }

        var path = environment.LastOrDefault(e => e.StartsWith("PATH=", StringComparison.Ordinal))?[5..] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        return path.Split(':').Select(f => $"{f}/{program}").FirstOrDefault(File.Exists)
            ?? throw new KernelException($"exec: \"{program}\": executable file not found in $PATH", 2);
    }
}
