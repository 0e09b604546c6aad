using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>
/// Which listeners of a Gateway cannot stand beside an earlier one, found in one pass: a port has one protocol, and each host once; a TCP or UDP
/// port has one listener. TCP and UDP do not see each other's ports.
/// </summary>
internal sealed class ListenerRivals
{
    /// <summary>More are refused: whoever may write ListenerSets cannot make a gateway of any size.</summary>
    public const int Most = 1024;

    private readonly Dictionary<ListenerSource, ListenerSource> _rivals = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<ListenerSource> _beyond = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(ObjectKey Owner, string Name), ListenerSource> _names = [];
    private readonly Dictionary<(int Port, bool Udp), (ListenerSource First, Dictionary<string, ListenerSource> Hosts)> _ports = [];
    private int _winners;

    /// <param name="listeners">In order of precedence.</param>
    public ListenerRivals(IEnumerable<ListenerSource> listeners)
    {
        foreach (var listener in listeners)
        {
            Take(listener);
        }
    }

    /// <summary>The earlier listener that a listener cannot stand beside; null when there is none.</summary>
    public ListenerSource? Of(ListenerSource listener) => _rivals.GetValueOrDefault(listener);

    public bool IsBeyond(ListenerSource listener) => _beyond.Contains(listener);

    /// <summary>HTTPS and TLS can share a port: server names tell them apart.</summary>
    public static string Family(string protocol) => protocol == "HTTPS" ? "TLS" : protocol;

    private void Take(ListenerSource listener)
    {
        var at = (listener.Port, listener.Protocol == "UDP");
        if (_names.GetValueOrDefault((listener.Owner, listener.Name)) is { } namesake)
        {
            _rivals[listener] = namesake;
        }
        else if (_ports.TryGetValue(at, out var port) && Clash(port, listener) is { } rival)
        {
            _rivals[listener] = rival;
        }
        else if (_winners == Most)
        {
            _beyond.Add(listener);
        }
        else
        {
            _winners++;
            _names[(listener.Owner, listener.Name)] = listener;
            if (port.First is null)
            {
                _ports[at] = port = (listener, new Dictionary<string, ListenerSource>(StringComparer.Ordinal));
            }

            port.Hosts[listener.Hostname] = listener;
        }
    }

    private static ListenerSource? Clash((ListenerSource First, Dictionary<string, ListenerSource> Hosts) port, ListenerSource listener) =>
        Family(port.First.Protocol) != Family(listener.Protocol) || listener.Protocol is "TCP" or "UDP"
            ? port.First
            : port.Hosts.GetValueOrDefault(listener.Hostname);
}
