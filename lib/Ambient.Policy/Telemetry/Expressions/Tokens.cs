using System.Text;

namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>Expression text → tokens.</summary>
internal static class Tokens
{
    private static readonly string[] s_signs = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ".", ",", "-", "?", ":", "+"];

    /// <exception cref="ExpressionException">Something that no token begins with.</exception>
    public static List<Token> Of(string text)
    {
        List<Token> tokens = [];
        int at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            Token token = Next(text, at, out at);
            tokens.Add(token);
        }

        tokens.Add(new Token(TokenKind.End, "", text.Length));
        return tokens;
    }

    private static Token Next(string text, int at, out int after)
    {
        char c = text[at];
        if (c is '\'' or '"')
        {
            return Quoted(text, at, out after);
        }

        if (char.IsAsciiDigit(c))
        {
            after = Skip(text, at, static d => char.IsAsciiDigit(d) || d == '.');
            return new Token(TokenKind.Number, text[at..after], at);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            after = Skip(text, at, static d => char.IsAsciiLetterOrDigit(d) || d == '_');
            return new Token(TokenKind.Name, text[at..after], at);
        }

        string sign = s_signs.FirstOrDefault(s => text.AsSpan(at).StartsWith(s, StringComparison.Ordinal))
            ?? throw new ExpressionException($"'{c}' at {at} is not understood");
        after = at + sign.Length;
        return new Token(TokenKind.Sign, sign, at);
    }

    private static Token Quoted(string text, int at, out int after)
    {
        var content = new StringBuilder();
        for (int i = at + 1; i < text.Length; i++)
        {
            if (text[i] == text[at])
            {
                after = i + 1;
                return new Token(TokenKind.Text, content.ToString(), at);
            }

            if (text[i] == '\\')
            {
                i++;
                content.Append(i < text.Length && text[i] is '\\' or '\'' or '"' ? text[i]
                    : throw new ExpressionException($"the escape at {i - 1} is not understood; \\\\, \\' and \\\" are"));
            }
            else
            {
                content.Append(text[i]);
            }
        }

        throw new ExpressionException($"the string that begins at {at} has no end");
    }

    private static int Skip(string text, int at, Func<char, bool> part)
    {
        while (at < text.Length && part(text[at]))
        {
            at++;
        }

        return at;
    }
}
