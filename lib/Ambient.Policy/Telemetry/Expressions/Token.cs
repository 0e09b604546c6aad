namespace Ambient.Policy.Telemetry.Expressions;

internal enum TokenKind
{
    End,
    Name,
    Number,
    Text,

    /// <summary>Operators and brackets, by their characters.</summary>
    Sign,
}

/// <param name="Content">A string's is without its quotes and escapes.</param>
/// <param name="At">Place of the first character, from 0.</param>
internal readonly record struct Token(TokenKind Kind, string Content, int At)
{
    public bool Is(string sign) => Kind == TokenKind.Sign && Content == sign;

    public override string ToString() => Kind == TokenKind.End ? "the end" : $"'{Content}'";
}
