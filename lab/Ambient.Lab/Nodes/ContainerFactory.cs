using Ambient.Lab.Containers;
using Ambient.Lab.Kernel;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Nodes;

/// <summary>Makes a pod's containers: how each is launched and probed.</summary>
internal sealed class ContainerFactory(NodeContext node, LabPod pod, PodSandbox sandbox, PodVolumes volumes)
{
    private int runs;

    public ContainerRunner Create(LabContainer spec, bool init)
    {
        var policy = spec.RestartPolicy ?? pod.Spec.RestartPolicy ?? "Always";
        var grace = TimeSpan.FromSeconds(pod.Spec.TerminationGracePeriodSeconds ?? 30);
        return new ContainerRunner(
            spec,
            () => Plan(spec),
            exec => node.Prober.For(spec, sandbox.Network.Addresses[0], exec),
            (init, policy),
            new ContainerHost(pod.Metadata.Key, grace, node.Time, node.Logger));
    }

    private LaunchPlan Plan(LabContainer spec)
    {
        Dictionary<string, string> environment;
        IReadOnlyList<string> command;
        var builder = new ContainerEnvironment(node, pod, sandbox.Network);
        try
        {
            environment = builder.Build(spec);
            command = builder.Command(spec, environment);
        }
        catch (NotYetException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }

        var etc = Path.Combine(sandbox.Directory, "etc");
        var (user, group) = UserOf(spec);
        return new LaunchPlan
        {
            Command = command,
            Environment = [.. environment.Select(p => $"{p.Key}={p.Value}")],
            NetnsPath = sandbox.Network.NetnsPath,
            HostName = sandbox.HostName,
            WorkingDirectory = string.IsNullOrEmpty(spec.WorkingDir) ? "/" : spec.WorkingDir,
            RootDirectory = Path.Combine(sandbox.Directory, $"root-{Interlocked.Increment(ref runs)}"),
            Mounts =
            [
                new MountPlan(Path.Combine(etc, "hosts"), "/etc/hosts", true),
                new MountPlan(Path.Combine(etc, "resolv.conf"), "/etc/resolv.conf", true),
                new MountPlan(Path.Combine(etc, "hostname"), "/etc/hostname", true),
                .. node.Images.Mounts(),
                .. volumes.MountsFor(spec),
            ],
            Capabilities = CapabilitySet.Of(spec.SecurityContext),
            User = user,
            Group = group,
        };
    }

    // Programs built here may lie where only their owner can read them, so they stay root (without capabilities);
    // without root on the machine there is no other user to become.
    private (int User, int Group) UserOf(LabContainer spec)
    {
        var user = (int)(spec.SecurityContext?.RunAsUser ?? pod.Spec.SecurityContext?.RunAsUser ?? 0);
        var group = (int)(spec.SecurityContext?.RunAsGroup ?? pod.Spec.SecurityContext?.RunAsGroup ?? 0);
        return node.Images.Find(spec.Image) is not null || !MachineUsers.AreMapped ? (0, 0) : (user, group);
    }
}
