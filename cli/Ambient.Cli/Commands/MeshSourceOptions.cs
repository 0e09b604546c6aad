using System.CommandLine;

namespace Ambient.Cli.Commands;

/// <summary>Where a command learns of the mesh: files, or a cluster.</summary>
internal sealed class MeshSourceOptions
{
    public Option<string[]> Files { get; } = new("--filename", "-f")
    {
        Description = "file, directory or - for standard input; may be repeated; without it the cluster is asked",
        HelpName = "file",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> Kubeconfig { get; } = new("--kubeconfig")
    {
        Description = "kubeconfig file; without it KUBECONFIG, or ~/.kube/config",
        HelpName = "file",
    };

    public Option<string?> Context { get; } = new("--context") { Description = "context of the kubeconfig", HelpName = "name" };

    public void AddTo(Command command)
    {
        command.Options.Add(Files);
        AddClusterTo(command);
    }

    public void AddClusterTo(Command command)
    {
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
    }
}
