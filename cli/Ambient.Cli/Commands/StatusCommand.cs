using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Checking;
using Ambient.Cli.Cluster;
using Ambient.Cli.Output;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl status</c>: is the mesh there and well, and who is in it; 1 when it is not well.</summary>
internal static class StatusCommand
{
    public static Command Create(TimeProvider time)
    {
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new("status", "Show whether the mesh is well, who is in it, and which resources it did not accept.") { format };
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            MeshStatus status = await ClusterAccess.UseAsync(
                parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time, MeshStatus.ReadAsync, cancellation);
            Printer.Print(parsed.InvocationConfiguration.Output, parsed.GetValue(format), () => Json(status), output => Write(output, status));
            return status.IsWell ? ExitCodes.Ok : ExitCodes.Negative;
        });
        return command;
    }

    private static JsonObject Json(MeshStatus status) => new()
    {
        ["healthy"] = status.IsWell,
        ["components"] = new JsonArray([.. status.Components.Select(c => new JsonObject
        {
            ["kind"] = c.Kind,
            ["name"] = c.Name,
            ["ready"] = c.Ready,
            ["desired"] = c.Desired,
        })]),
        ["namespaces"] = new JsonArray([.. status.Namespaces.Select(n => new JsonObject
        {
            ["name"] = n.Name,
            ["pods"] = n.Pods,
            ["enrolled"] = n.Enrolled,
        })]),
        ["policies"] = status.Policies,
        ["notAccepted"] = new JsonArray([.. status.NotAccepted.Select(r => new JsonObject
        {
            ["kind"] = r.Kind,
            ["namespace"] = r.Namespace,
            ["name"] = r.Name,
            ["message"] = r.Message,
        })]),
    };

    private static void Write(TextWriter output, MeshStatus status)
    {
        TextTable components = new("COMPONENT", "READY");
        foreach (MeshStatus.Component c in status.Components)
        {
            components.Add(c.Name, $"{c.Ready}/{c.Desired}");
        }

        components.Write(output);
        output.WriteLine();
        TextTable namespaces = new("NAMESPACE", "PODS", "IN THE MESH");
        foreach (MeshStatus.NamespaceCount n in status.Namespaces)
        {
            namespaces.Add(n.Name, $"{n.Pods}", $"{n.Enrolled}");
        }

        namespaces.Write(output);
        output.WriteLine();
        output.WriteLine($"{status.Policies} policies");
        foreach (MeshStatus.Refusal r in status.NotAccepted)
        {
            Paragraph.Write(output, $"{r.Kind} {r.Namespace}/{r.Name}: {r.Message}", "  ✗ ", "    ");
        }

        output.WriteLine(status.IsWell ? "the mesh is well" : "the mesh is not well; see 'ambientctl check'");
    }
}
