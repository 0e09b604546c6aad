using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Columns of Endpoints and EndpointSlices; three entries, then how many more.</summary>
internal static class EndpointColumns
{
    private const int Shown = 3;

    public static readonly Column[] Endpoints =
    [
        Columns.Name,
        new("Endpoints", (o, _) => Some([.. o.Items("subsets").SelectMany(s => s.Items("addresses").SelectMany(a => s.Items("ports").Select(p => $"{Bracket(a.Text("ip"))}:{p.Number("port")}")))])),
        Columns.Age,
    ];

    public static readonly Column[] Slices =
    [
        Columns.Name,
        BuiltInColumns.Text("AddressType", "addressType"),
        new("Ports", (o, _) => Some([.. o.Items("ports").Select(p => $"{p.Number("port")}")], "<unset>")),
        new("Endpoints", (o, _) => Some([.. o.Items("endpoints").SelectMany(e => e.Items("addresses").Select(a => a.Plain() ?? ""))], "<unset>")),
        Columns.Age,
    ];

    private static string? Bracket(string? address) => address?.Contains(':', StringComparison.Ordinal) == true ? $"[{address}]" : address;

    private static string Some(string[] all, string none = "<none>") =>
        all.Length == 0 ? none : all.Length <= Shown ? string.Join(',', all) : $"{string.Join(',', all[..Shown])} + {all.Length - Shown} more...";
}
