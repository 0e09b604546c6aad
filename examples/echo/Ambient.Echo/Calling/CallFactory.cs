namespace Ambient.Echo.Calling;

/// <summary>From the command line to the call it means.</summary>
internal static class CallFactory
{
    public static ICall Create(Arguments arguments) => arguments.Words[0] switch
    {
        "tcp" => new TcpCall(Split(arguments.Words[1]), arguments.Text("text") ?? "hello", arguments.Flag("half-close"), arguments.Flag("read-first"), arguments.Flag("keepalive")),
        "udp" => new UdpCall(Split(arguments.Words[1]), arguments.Text("text") ?? "hello"),
        var url => new HttpCall(new Uri(url), arguments.Flag("keepalive"), arguments.Text("header"), arguments.Text("body")),
    };

    private static (string Host, int Port) Split(string text)
    {
        var uri = new Uri("tcp://" + text);
        return (uri.Host.Trim('[', ']'), uri.Port);
    }
}
