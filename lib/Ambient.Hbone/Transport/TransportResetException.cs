namespace Ambient.Hbone.Transport;

/// <summary>The TCP connection was reset, by the other side or by <c>Abort</c> from here.</summary>
public sealed class TransportResetException : IOException
{
    public TransportResetException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
