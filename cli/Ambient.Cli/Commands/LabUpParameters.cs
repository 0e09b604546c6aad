using System.CommandLine;
using Ambient.Lab;
using Ambient.Lab.Commands;

namespace Ambient.Cli.Commands;

/// <summary>What <c>lab up</c> and <c>lab demo</c> share.</summary>
internal sealed class LabUpParameters(Option<string?> state)
{
    private readonly Option<int> _nodes = new("--nodes") { Description = "1 to 16", HelpName = "number", DefaultValueFactory = static _ => 2 };

    private readonly Option<string> _family = Family();

    private readonly Option<int> _apiPort = new("--api-port") { Description = "port of the API server on 127.0.0.1; 0 lets the kernel choose", HelpName = "port" };

    private readonly Option<bool> _withoutMesh = new("--without-mesh") { Description = "a bare cluster, without operator and ztunnel" };

    public void AddTo(Command command)
    {
        command.Options.Add(state);
        command.Options.Add(_nodes);
        command.Options.Add(_family);
        command.Options.Add(_apiPort);
        command.Options.Add(_withoutMesh);
    }

    public LabUpOptions Of(ParseResult parsed, bool detach) => new()
    {
        StateDirectory = parsed.GetValue(state),
        Nodes = parsed.GetValue(_nodes) is >= 1 and <= 16 and var nodes
            ? nodes
            : throw CliException.Usage("a lab has 1 to 16 nodes", "--nodes", $"{parsed.GetValue(_nodes)} was asked for", "leave it out for 2"),
        Families = parsed.GetValue(_family) switch
        {
            "ipv6" => AddressFamilies.IPv6,
            "dual" => AddressFamilies.Dual,
            _ => AddressFamilies.IPv4,
        },
        ApiPort = parsed.GetValue(_apiPort) is >= 0 and <= 65535 and var port
            ? port
            : throw CliException.Usage("that is no port", "--api-port", "a port is 0 to 65535", "leave it out to let the kernel choose"),
        Mesh = !parsed.GetValue(_withoutMesh),
        Detach = detach,
    };

    private static Option<string> Family()
    {
        Option<string> option = new("--ip-family") { Description = "ipv4, ipv6 or dual", HelpName = "family", DefaultValueFactory = static _ => "ipv4" };
        option.AcceptOnlyFromAmong("ipv4", "ipv6", "dual");
        return option;
    }
}
