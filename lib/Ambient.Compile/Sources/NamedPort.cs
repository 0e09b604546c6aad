namespace Ambient.Compile.Sources;

/// <summary>A port of a container or of an endpoint; the protocol is <c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</summary>
internal sealed record NamedPort(string Name, int Port, string Protocol)
{
    public static NamedPort Read(JsonView port, string numberField) =>
        new(port.Text("name"), port.Port(numberField), port["protocol"].Text() is { Length: > 0 } p ? p : "TCP");
}
